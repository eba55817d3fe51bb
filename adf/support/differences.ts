const database = 'a SQLite file of the installation stands in for the database'

/**
 * How something that runs here differs from ADF, by its name in the table. A name that no table of the code runs is an error of the generator:
 * nothing is said to run by being named here.
 */
export const differences: Readonly<Record<string, string>> = {
  'linked service AzureSqlDatabase': database,
  'linked service AzureSqlDW': database,
  'linked service AzureSqlMI': database,
  'linked service SqlServer': database,
  'linked service AzureDatabricksDeltaLake':
    "the Delta tables of the installation's lake stand in for the workspace",
  'function formatDateTime':
    'a plain space before AM and PM; with a locale (undocumented), one-letter formats that depend on it are English',
  'function int': 'keeps all digits of an integer',
  'function json': 'refuses text that is cut short or goes on after the value',
  'function ticks': 'loses digits beyond 2^53 when it leaves its expression, not inside',
  'function xml': 'refuses document types and an empty root',
  'function xpath': 'XPath 1.0 without id() and the namespace axis',
  'linked service AzureBlobStorage':
    'a folder of the installation stands in for an account that is named; without one it is the lake',
  'linked service AzureBlobFS':
    'a folder of the installation stands in for an account that is named; without one it is the lake',
  'linked service AzureFileStorage': 'a folder of the installation stands in for the share',
  'linked service FileServer': 'host is a folder of this machine, of those that the installation opens',
  'linked service AzureKeyVault': 'secrets are files or variables of the installation',
  'activity WebActivity': 'managed identities do not exist here',
  'activity WebHook': 'managed identities do not exist here',
}

/** Where our evaluator is meant to answer otherwise than Microsoft's: `npm run test:oracle` finds no other difference. */
export const evaluatorDifferences = {
  plainSpace: 'a plain space before AM and PM, where the evaluator on Linux has a narrow no-break one',
  notJson: 'numbers that JSON cannot hold (Infinity, NaN) are errors',
  exactInt: 'int() keeps all digits of an integer',
  rangeWidth: 'negative integers of range() are integers like others in union and intersection',
  noClock: 'a date is never completed from the clock',
  shortestFloat: 'of two shortest ways to write the same float another one',
  halfCharacter: 'half a character (a lone surrogate) is kept; the evaluator cannot hand it out',
} as const

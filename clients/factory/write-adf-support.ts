import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { evaluatorDifferences } from '../../adf/support/differences.ts'
import type { SupportTable } from '../../adf/support/support-tables.ts'
import { ownActivityTypes, supportTables } from '../../adf/support/support-tables.ts'

/**
 * `node clients/factory/write-adf-support.ts [--check]`: docs/adf-support.md from the tables that run; `--check` fails where it is stale.
 */
export function adfSupportPage(): string {
  const tables = supportTables()
  const all = tables.flatMap(({ rows }) => rows)
  const count = (status: string) => all.filter((row) => row.status === status).length
  return [
    '# What of Azure Data Factory runs here?',
    '',
    'Generated from the code by `npm run adf-support`: the names are those of ADF, the answers those of the tables that run. What a factory of yours uses',
    'of it tells `headrace check` ([page](check-an-adf.md)).',
    '',
    `${all.length} names: ${count('supported')} supported, ${count('differs')} differ, ${count('not')} not.`,
    '',
    ...tables.flatMap(tableLines),
    '## Of Headrace alone',
    '',
    `Activity types that ADF does not have: ${ownActivityTypes().join(', ')}.`,
    '',
    "## Where expressions differ from Microsoft's evaluator on purpose",
    '',
    '`npm run test:oracle` compares generated expressions with it and finds no other difference; [why](internals/expressions.md).',
    '',
    ...Object.values(evaluatorDifferences).map((one) => `- ${one}`),
    '',
  ].join('\n')
}

function tableLines({ title, rows }: SupportTable): string[] {
  return [
    `## ${title}`,
    '',
    '| name | here | how |',
    '|---|---|---|',
    ...rows.map(({ name, status, how }) => `| ${shown(name)} | ${status} | ${how} |`),
    '',
  ]
}

function shown(name: string): string {
  const [type = '', property] = name.split(': ')
  return property === undefined ? `\`${type}\`` : `${type} \`${property}\``
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(import.meta.dirname, '../../docs/adf-support.md')
  const text = adfSupportPage()
  const before = await readFile(path, 'utf8').catch(() => null)
  if (before !== text && process.argv.includes('--check')) {
    console.error(`${path} is not what the code does; run: npm run adf-support`)
    process.exit(1)
  }
  if (before !== text) {
    await writeFile(path, text)
    console.log(`wrote ${path}`)
  }
}

import { castCalls, datePartNames, objectIds } from './calls.ts'
import { createTable } from './create-table.ts'
import { limits } from './limits.ts'
import { joinTexts } from './join-texts.ts'
import type { Names } from './stand-in.ts'
import { lacking } from './stand-in.ts'
import { tableNames } from './table-names.ts'
import { timestampLiteral } from './timestamps.ts'
import type { Token } from './tokens.ts'
import { behindParenthesis, isSign, isWord, made, solid, textOf } from './tokens.ts'

/** One T-SQL statement as SQLite reads it. Each step is described where it is made; docs/internals/stores.md lists them all. */
export function rewrite(statement: readonly Token[], names: Names): string {
  let tokens = solid(statement)
  refuseForeign(tokens)
  tokens = dropHints(tokens)
  tokens = tableNames(tokens, names)
  tokens = createTable(tokens)
  tokens = datePartNames(castCalls(objectIds(tokens)))
  tokens = limits(tokens)
  tokens = joinTexts(tokens)
  return textOf(spaced(tokens.map(renamed)))
}

/** Words that SQLite would refuse without saying why, or take for something else. */
const foreign: Readonly<Record<string, string>> = {
  MERGE: 'MERGE is not there: write UPDATE … and INSERT … WHERE NOT EXISTS, or let the Copy sink upsert',
  CURSOR: 'cursors are not there: write one statement for all rows',
  PIVOT: 'PIVOT is not there: write SUM(CASE WHEN … END)',
  UNPIVOT: 'UNPIVOT is not there: write UNION ALL',
  OPENROWSET: 'OPENROWSET is not there: copy the file into a table first',
  OPENJSON: 'OPENJSON is not there: use json_each',
  OUTPUT: 'OUTPUT is not there: write RETURNING at the end of the statement',
}

function refuseForeign(tokens: readonly Token[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue
    const next = tokens[index + 1]
    const hint =
      token.value === 'APPLY' && isWord(tokens[index - 1], 'CROSS', 'OUTER')
        ? 'APPLY is not there: write a join'
        : token.value === 'FORMAT' && isSign(next, '(')
          ? 'FORMAT is not there: use CONVERT with a style'
          : isSign(tokens[index - 1], '.') ||
              isSign(next, '.') ||
              (token.value === 'OUTPUT' && !isWord(next, 'INSERTED', 'DELETED'))
            ? undefined
            : foreign[token.value]
    if (hint !== undefined) throw lacking(hint)
  }
}

const hints = [
  'NOLOCK',
  'READUNCOMMITTED',
  'READCOMMITTED',
  'REPEATABLEREAD',
  'SERIALIZABLE',
  'HOLDLOCK',
  'UPDLOCK',
  'ROWLOCK',
  'PAGLOCK',
  'TABLOCK',
  'TABLOCKX',
  'READPAST',
  'SNAPSHOT',
  'NOWAIT',
  'XLOCK',
  'FORCESEEK',
]

/** `WITH (NOLOCK)`, `(NOLOCK)`, `OPTION (…)`: say how to lock and to plan, which SQLite decides by itself. */
function dropHints(tokens: readonly Token[]): Token[] {
  const kept: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    const open = isWord(token, 'WITH', 'OPTION') ? index + 1 : index
    const isHint =
      isSign(tokens[open], '(') &&
      ((open === index && isWord(tokens[open + 1], 'NOLOCK')) ||
        (open > index && (isWord(token, 'OPTION') || isWord(tokens[open + 1], ...hints))))
    if (isHint) index = behindParenthesis(tokens, open) - 1
    else kept.push(token)
  }
  return kept
}

const otherNames: Readonly<Record<string, string>> = {
  ISNULL: 'ifnull',
  LEFT: 'left_text',
  RIGHT: 'right_text',
  COUNT_BIG: 'count',
  CEILING: 'ceil',
  ROUND: 'tsql_round',
  STRING_SPLIT: 'string_split',
  SCOPE_IDENTITY: 'last_insert_rowid',
  POWER: 'pow',
  SQUARE: 'square',
  LOG: 'ln',
}

/** Literals, variables and functions that only have another name or form. */
function renamed(token: Token, index: number, tokens: readonly Token[]): Token {
  if (token.kind === 'text') {
    const literal = timestampLiteral(token.value) ?? token.value
    return made('text', `'${literal.replaceAll("'", "''")}'`, token.at)
  }
  if (token.kind === 'parameter') return made('parameter', `@${token.value}`, token.at)
  if (token.kind === 'global') {
    if (token.value === '@@ROWCOUNT') return made('parameter', '@_rowcount', token.at)
    if (token.value === '@@IDENTITY') return made('word', 'last_insert_rowid()', token.at)
    throw lacking(`${token.text} is not known; known are @@ROWCOUNT and @@IDENTITY`)
  }
  if (token.kind === 'word' && token.value === 'CURRENT_TIMESTAMP') return made('word', 'getdate()', token.at)
  const other = token.kind === 'word' && isSign(tokens[index + 1], '(') ? otherNames[token.value] : undefined
  return other === undefined ? token : made('word', other, token.at)
}

/** White space was taken away: words must not grow together. */
function spaced(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1]
    const tight =
      before === undefined ||
      isSign(before, '.') ||
      isSign(token, '.') ||
      isSign(token, '(') ||
      isSign(before, '(') ||
      isSign(token, ')') ||
      isSign(token, ',')
    return tight ? [token] : [made('space', ' '), token]
  })
}

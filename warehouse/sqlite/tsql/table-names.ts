import type { Token } from './tokens.ts'
import { isIdentifier, isSign, isWord, made, quoted } from './tokens.ts'
import type { Names } from './stand-in.ts'
import { lacking } from './stand-in.ts'

/** A name behind one of these is a table's. */
const before = [
  'FROM',
  'JOIN',
  'INTO',
  'UPDATE',
  'TABLE',
  'EXISTS',
  'VIEW',
  'REFERENCES',
  'DELETE',
  'TRUNCATE',
  'INSERT',
]

/**
 * A schema is a part of the table's name: `[stg].[Orders]` is the table `stg.Orders`, `dbo` says nothing. Only where a table may stand or where
 * there is such a table; else `a.b` is a column. Table parameters are the temporary tables of their name.
 */
export function tableNames(tokens: readonly Token[], names: Names): Token[] {
  const result: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (token.kind === 'parameter' && names.tableParameters.has(token.value)) {
      result.push(made('name', quoted(token.text.toLowerCase()), token.at))
      continue
    }
    if (!isIdentifier(token) || isSign(tokens[index - 1], '.')) {
      result.push(token)
      continue
    }
    const chain = chainAt(tokens, index)
    const table =
      chain.length === 1 && !isHash(token) ? null : tableOf(chain, isTablePlace(tokens, index), names)
    if (table === null) {
      result.push(token)
      continue
    }
    result.push(made('name', quoted(table.name), token.at))
    index += (table.parts - 1) * 2
  }
  return result
}

/** `#temp` */
function isHash(token: Token): boolean {
  return token.value.startsWith('#')
}

function chainAt(tokens: readonly Token[], start: number): string[] {
  const names: string[] = []
  for (let index = start; ; index += 2) {
    const token = tokens[index]
    if (!isIdentifier(token)) break
    names.push(token.kind === 'word' ? token.text : token.value)
    if (!isSign(tokens[index + 1], '.')) break
  }
  return names
}

function isTablePlace(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index - 1]
  // ON names a table in CREATE INDEX only. Further tables of a list behind FROM are found by their name.
  return isWord(token, ...before) || (isWord(token, 'ON') && isWord(tokens[0], 'CREATE'))
}

function tableOf(
  chain: readonly string[],
  isPlace: boolean,
  names: Names,
): { name: string; parts: number } | null {
  const [first = '', second, third] = chain
  if (first.startsWith('#')) return { name: first, parts: 1 }
  if (isPlace && third !== undefined) {
    if (first.toLowerCase() !== names.database.toLowerCase())
      throw lacking(`${chain.join('.')} lies in another database than ${names.database}: copy it over first`)
    return { name: tableName(second ?? '', third), parts: 3 }
  }
  if (second === undefined) return null
  const name = tableName(first, second)
  return isPlace || names.isTable(name) ? { name, parts: 2 } : null
}

/** A table of a schema by its name in the SQLite file. */
export function tableName(schema: string | null, table: string): string {
  if (schema === null || schema === '' || /^(dbo|main)$/i.test(schema)) return table
  return `${schema.toLowerCase()}.${table}`
}

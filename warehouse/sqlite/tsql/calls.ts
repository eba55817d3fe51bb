import type { Token } from './tokens.ts'
import { lacking } from './stand-in.ts'
import { tableName } from './table-names.ts'
import { behindParenthesis, isSign, isWord, made, solid, textOf, tokenize } from './tokens.ts'

/**
 * `CAST(x AS type)`, `CONVERT(type, x, style)` and their TRY_ forms become calls of a function with the type as text: SQLite's own CAST would make
 * 2026 of a date.
 */
export function castCalls(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    const isCast = isWord(token, 'CAST', 'TRY_CAST')
    if (!(isCast || isWord(token, 'CONVERT', 'TRY_CONVERT')) || !isSign(tokens[index + 1], '(')) {
      result.push(token)
      continue
    }
    const end = behindParenthesis(tokens, index + 1)
    const inner = tokens.slice(index + 2, end - 1)
    const name = made('word', token.value.startsWith('TRY') ? 'tsql_try_cast' : 'tsql_cast', token.at)
    const cut = topLevel(inner, isCast ? (one) => isWord(one, 'AS') : (one) => isSign(one, ','))
    const [value, type] = isCast
      ? [inner.slice(0, cut), inner.slice(cut + 1)]
      : [inner.slice(cut + 1), inner.slice(0, cut)]
    const style = isCast ? value.length : topLevel(value, (one) => isSign(one, ','))
    const typeText = made('text', `'${textOf(type).replaceAll("'", "''")}'`, token.at)
    result.push(
      name,
      made('sign', '('),
      ...castCalls(value.slice(0, style)),
      made('sign', ','),
      typeText,
      ...castCalls(value.slice(style)),
      made('sign', ')'),
    )
    index = end - 1
  }
  return result
}

function topLevel(tokens: readonly Token[], found: (token: Token) => boolean): number {
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (isSign(token, '(')) depth += 1
    else if (isSign(token, ')')) depth -= 1
    else if (depth === 0 && found(token)) return index
  }
  return tokens.length
}

/** `DATEADD(day, …)`: the part's name becomes text. */
export function datePartNames(tokens: readonly Token[]): Token[] {
  return tokens.map((token, index) => {
    const isPart =
      token.kind === 'word' &&
      isSign(tokens[index - 1], '(') &&
      isSign(tokens[index + 1], ',') &&
      isWord(tokens[index - 2], 'DATEADD', 'DATEDIFF', 'DATEDIFF_BIG', 'DATEPART', 'DATENAME')
    return isPart ? made('text', `'${token.text}'`, token.at) : token
  })
}

/** `OBJECT_ID('stg.Orders', 'U')` looks the table up; null where there is none. */
export function objectIds(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (!isWord(token, 'OBJECT_ID') || !isSign(tokens[index + 1], '(')) {
      result.push(token)
      continue
    }
    const name = tokens[index + 2]
    if (name?.kind !== 'text') throw lacking('OBJECT_ID of anything but a text is not there')
    const parts = solid(tokenize(name.value)).filter((one) => !isSign(one, '.'))
    const [schema, table] = parts.slice(-2).map((one) => (one.kind === 'name' ? one.value : one.text))
    const file = table?.startsWith('#') === true || (table === undefined && schema?.startsWith('#') === true)
    const found = file
      ? (table ?? schema ?? '')
      : table === undefined
        ? (schema ?? '')
        : tableName(schema ?? null, table)
    const text = `(SELECT rowid FROM ${file ? 'temp.' : ''}sqlite_schema WHERE name = '${found.replaceAll("'", "''")}' COLLATE NOCASE)`
    result.push(made('number', text, token.at))
    index = behindParenthesis(tokens, index + 1) - 1
  }
  return result
}

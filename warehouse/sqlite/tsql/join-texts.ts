import type { Token } from './tokens.ts'
import { isSign, isWord, made } from './tokens.ts'

const textFunctions = [
  'CONCAT',
  'CONCAT_WS',
  'LEFT',
  'RIGHT',
  'SUBSTRING',
  'UPPER',
  'LOWER',
  'REPLACE',
  'LTRIM',
  'RTRIM',
  'TRIM',
  'STUFF',
  'REPLICATE',
  'REVERSE',
  'SPACE',
  'DATENAME',
  'STRING_AGG',
  'CHAR',
  'QUOTENAME',
]
const limiters = [
  'SELECT',
  'FROM',
  'WHERE',
  'AND',
  'OR',
  'NOT',
  'AS',
  'THEN',
  'ELSE',
  'WHEN',
  'CASE',
  'END',
  'ON',
  'SET',
  'VALUES',
  'BY',
  'HAVING',
  'LIKE',
  'IN',
  'IS',
  'BETWEEN',
  'LIMIT',
  'DISTINCT',
  'RETURNING',
  'UNION',
  'ALL',
  'IF',
  'DEFAULT',
]
const comparisons = [',', '=', '<', '>', '<=', '>=', '<>', '!=', ';']

interface Sum {
  readonly pluses: number[]
  isText: boolean
}

/**
 * `+` becomes `||` in a sum that holds a text literal, a function that gives text or a conversion to text. A sum of columns alone
 * stays what it is: SQLite adds numbers there.
 */
export function joinTexts(tokens: readonly Token[]): Token[] {
  const joined = new Set<number>()
  const open: Sum[] = [{ pluses: [], isText: false }]
  const settle = (): void => {
    const sum = open.at(-1)
    if (sum?.isText === true) for (const plus of sum.pluses) joined.add(plus)
    open[open.length - 1] = { pluses: [], isText: false }
  }
  for (const [index, token] of tokens.entries()) {
    const sum = open.at(-1)
    if (sum === undefined) break
    if (isSign(token, '(')) open.push({ pluses: [], isText: false })
    else if (isSign(token, ')')) {
      settle()
      if (open.length > 1) open.pop()
    } else if (isSign(token, '+')) sum.pluses.push(index)
    else if (token.kind === 'text' || givesText(tokens, index)) sum.isText = true
    else if (isWord(token, ...limiters) || (token.kind === 'sign' && comparisons.includes(token.text)))
      settle()
  }
  settle()
  return tokens.map((token, index) => (joined.has(index) ? made('sign', '||', token.at) : token))
}

function givesText(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (!isSign(tokens[index + 1], '(')) return false
  if (isWord(token, ...textFunctions)) return true
  if (!isWord(token, 'TSQL_CAST', 'TSQL_TRY_CAST')) return false
  // The type is the first text of the call that names one.
  let depth = 0
  for (const one of tokens.slice(index + 1)) {
    if (isSign(one, '(')) depth += 1
    else if (isSign(one, ')') && --depth === 0) return false
    else if (depth === 1 && one.kind === 'text' && /^n?(var)?char\b|^n?text$/i.test(one.value)) return true
  }
  return false
}

import type { Token } from './tokens.ts'
import { behindParenthesis, isSign, isWord, made } from './tokens.ts'
import { lacking } from './stand-in.ts'

/** `SELECT TOP (n) …` becomes `SELECT … LIMIT n`, and `OFFSET n ROWS FETCH NEXT m ROWS ONLY` becomes `LIMIT m OFFSET n`. */
export function limits(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  /** The TOP that waits for the end of the SELECT of each parenthesis. */
  const waiting: (readonly Token[] | null)[] = [null]
  const settle = (): void => {
    const top = waiting.at(-1)
    if (top != null) result.push(made('word', 'LIMIT'), ...top)
    waiting[waiting.length - 1] = null
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (isSign(token, '(')) waiting.push(null)
    if (isSign(token, ')')) {
      settle()
      waiting.pop()
    }
    if (isWord(token, 'UNION', 'EXCEPT', 'INTERSECT') && waiting.at(-1) != null)
      throw lacking(`TOP beside ${token.value} is not there: put the SELECT with TOP into SELECT * FROM (…)`)
    if (isWord(token, 'TOP') && isSelect(tokens, index)) {
      const { count, behind } = countBehind(tokens, index + 1)
      waiting[waiting.length - 1] = count
      index = behind - 1
      continue
    }
    if (isWord(token, 'OFFSET') && isRows(tokens, index)) {
      const { replaced, behind } = fetchBehind(tokens, index)
      result.push(...replaced)
      index = behind - 1
      continue
    }
    result.push(token)
  }
  settle()
  return result
}

function isSelect(tokens: readonly Token[], index: number): boolean {
  const before = isWord(tokens[index - 1], 'DISTINCT', 'ALL') ? index - 2 : index - 1
  if (isWord(tokens[before], 'UPDATE', 'DELETE', 'INSERT'))
    throw lacking(`${tokens[before]?.value} TOP is not there: name the rows in WHERE`)
  return isWord(tokens[before], 'SELECT')
}

function countBehind(tokens: readonly Token[], index: number): { count: readonly Token[]; behind: number } {
  const behind = isSign(tokens[index], '(') ? behindParenthesis(tokens, index) : index + 1
  const after = tokens[behind]
  if (isWord(after, 'PERCENT') || (isWord(after, 'WITH') && isWord(tokens[behind + 1], 'TIES')))
    throw lacking('TOP … PERCENT and TOP … WITH TIES are not there')
  return { count: tokens.slice(index, behind), behind }
}

function isRows(tokens: readonly Token[], index: number): boolean {
  const behind = isSign(tokens[index + 1], '(') ? behindParenthesis(tokens, index + 1) : index + 2
  return isWord(tokens[behind], 'ROW', 'ROWS')
}

function fetchBehind(tokens: readonly Token[], index: number): { replaced: Token[]; behind: number } {
  const offset = countBehind(tokens, index + 1)
  const limitWord = made('word', 'LIMIT')
  const offsetPart = [made('word', 'OFFSET'), ...offset.count]
  const fetch = offset.behind + 1
  if (!isWord(tokens[fetch], 'FETCH'))
    return { replaced: [limitWord, made('number', '-1'), ...offsetPart], behind: fetch }
  const count = countBehind(tokens, fetch + 2)
  // ROWS ONLY
  return { replaced: [limitWord, ...count.count, ...offsetPart], behind: count.behind + 2 }
}

import type { Token } from './tokens.ts'
import { isIdentifier, isSign, isWord } from './tokens.ts'

const starters = [
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'PRINT',
  'RETURN',
  'DECLARE',
  'EXEC',
  'EXECUTE',
  'THROW',
  'RAISERROR',
  'MERGE',
]
const setOperators = ['UNION', 'ALL', 'EXCEPT', 'INTERSECT']

/** Where the statement that starts at `start` ends: T-SQL needs no semicolon between statements. */
export function statementEnd(tokens: readonly Token[], start: number): number {
  let depth = 0
  let cases = 0
  for (let index = start + 1; index < tokens.length; index++) {
    const token = tokens[index]
    if (isSign(token, '(')) depth += 1
    else if (isSign(token, ')')) depth -= 1
    else if (isWord(token, 'CASE')) cases += 1
    else if (isWord(token, 'END') && cases > 0) cases -= 1
    else if (depth <= 0 && cases === 0 && endsAt(tokens, start, index)) return index
  }
  return tokens.length
}

function endsAt(tokens: readonly Token[], start: number, index: number): boolean {
  const token = tokens[index]
  const before = tokens[index - 1]
  if (isSign(token, ';') || isWord(token, 'GO', 'END', 'ELSE', 'WHILE', 'COMMIT', 'ROLLBACK', 'BEGIN'))
    return !isTransaction(tokens, start, index)
  if (token?.kind !== 'word' || isSign(before, '.') || isWord(before, 'AS')) return false
  const first = tokens[start]
  switch (token.value) {
    case 'SELECT':
      return isComplete(tokens, start, index) && !isWord(before, ...setOperators)
    case 'SET':
      return !isWord(before, 'UPDATE', 'DELETE') && !isSetOfUpdate(tokens, start, index)
    case 'IF':
      return !isWord(before, 'TABLE', 'VIEW', 'INDEX', 'COLUMN', 'PROCEDURE', 'SCHEMA')
    case 'WITH':
      return (
        isIdentifier(tokens[index + 1]) &&
        (isWord(tokens[index + 2], 'AS') || isSign(tokens[index + 2], '(')) &&
        isComplete(tokens, start, index)
      )
    case 'CREATE':
      return true
    case 'DROP':
      return !isWord(first, 'ALTER')
    case 'ALTER':
      return !isWord(first, 'ALTER') && !isWord(before, 'OR')
    default:
      if (!starters.includes(token.value)) return false
      // ON ends SET NOCOUNT ON; elsewhere it begins ON UPDATE or ON DELETE.
      if (isWord(before, 'ON')) return isWord(first, 'SET')
      if (isWord(before, 'DO', 'OF', 'AFTER', 'BEFORE', 'FOR', 'OR')) return false
      return !isWord(first, 'WITH') || hasVerb(tokens, start, index)
  }
}

/** `BEGIN TRAN`, `COMMIT TRAN`: one statement. */
function isTransaction(tokens: readonly Token[], start: number, index: number): boolean {
  return (
    isWord(tokens[start], 'BEGIN', 'COMMIT') &&
    index === start + 1 &&
    isWord(tokens[index], 'TRAN', 'TRANSACTION')
  )
}

/** An UPDATE, with or without a common table expression before it, has one SET. */
function isSetOfUpdate(tokens: readonly Token[], start: number, index: number): boolean {
  if (!isWord(tokens[start], 'UPDATE', 'WITH')) return false
  const words = outside(tokens, start, index)
  return words.some((token) => isWord(token, 'UPDATE')) && !words.some((token) => isWord(token, 'SET'))
}

/** Whether the statement could end here, so that a SELECT is one of its own. */
function isComplete(tokens: readonly Token[], start: number, index: number): boolean {
  const first = tokens[start]
  if (isWord(first, 'INSERT'))
    return outside(tokens, start, index).some((token) => isWord(token, 'VALUES', 'SELECT'))
  if (isWord(first, 'WITH')) return hasVerb(tokens, start, index)
  if (isWord(first, 'CREATE')) return !isWord(tokens[index - 1], 'AS')
  return true
}

function hasVerb(tokens: readonly Token[], start: number, index: number): boolean {
  return outside(tokens, start, index).some((token) => isWord(token, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'))
}

/** Tokens of the statement that stand in no parenthesis. */
function outside(tokens: readonly Token[], start: number, end: number): Token[] {
  let depth = 0
  return tokens.slice(start, end).filter((token) => {
    if (isSign(token, '(')) depth += 1
    else if (isSign(token, ')')) depth -= 1
    return depth === 0
  })
}

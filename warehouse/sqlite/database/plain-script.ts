import type { Statement } from '../tsql/script.ts'
import type { Token } from '../tsql/tokens.ts'
import { isSign, isWord, tokenize } from '../tsql/tokens.ts'

/** Statements of SQLite's own SQL: between semicolons, but for those inside a trigger. */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = []
  let tokens: Token[] = []
  let depth = 0
  const settle = (): void => {
    if (tokens.some(({ kind }) => kind !== 'space')) statements.push({ kind: 'sql', tokens })
    tokens = []
    depth = 0
  }
  for (const token of tokenize(text)) {
    const solid = tokens.filter(({ kind }) => kind !== 'space')
    const isTrigger = isWord(solid[0], 'CREATE') && solid.slice(1, 6).some((one) => isWord(one, 'TRIGGER'))
    if (isWord(token, 'BEGIN', 'CASE') && isTrigger) depth += 1
    if (isWord(token, 'END') && isTrigger) depth -= 1
    if (isSign(token, ';') && depth === 0) settle()
    else tokens.push(token)
  }
  settle()
  return statements
}

import type { Statement } from '../tsql/script.ts'
import { isWord } from '../tsql/tokens.ts'

/** Whether any statement may change the database; `bodyOf` gives a procedure's statements. */
export function changes(
  statements: readonly Statement[],
  bodyOf: (procedure: string) => readonly Statement[],
  called: ReadonlySet<string> = new Set(),
): boolean {
  return statements.some((one) => {
    switch (one.kind) {
      case 'sql':
        return !isSelect(one)
      case 'if':
        return changes(one.holds, bodyOf, called) || changes(one.otherwise, bodyOf, called)
      case 'execute': {
        const name = one.procedure.toLowerCase()
        return !called.has(name) && changes(bodyOf(one.procedure), bodyOf, new Set([...called, name]))
      }
      // A table variable is temporary; still it is made inside a transaction.
      case 'tableVariable':
        return true
      default:
        return false
    }
  })
}

function isSelect({ tokens }: Extract<Statement, { kind: 'sql' }>): boolean {
  const solid = tokens.filter(({ kind }) => kind !== 'space')
  return (
    isWord(solid[0], 'SELECT', 'WITH', 'VALUES', 'EXPLAIN') &&
    !solid.some(
      (token) => isWord(token, 'INTO', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE') && !isCall(solid, token),
    )
  )
}

/** `REPLACE(a, b, c)` */
function isCall(
  tokens: readonly { readonly at: number; readonly text: string }[],
  token: { readonly at: number; readonly text: string },
): boolean {
  const index = tokens.findIndex(({ at }) => at === token.at)
  return token.text.toUpperCase() === 'REPLACE' && tokens[index + 1]?.text === '('
}

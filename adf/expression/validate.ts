import type { JsonValue } from '../json.ts'
import type { Node } from './ast.ts'
import { unknownFunction, wrongArity } from './evaluator.ts'
import { ExpressionError } from './expression-error.ts'
import { parseTemplate } from './parse.ts'
import { templateNodes, texts, walk } from './walk.ts'

/** Findings of one expression; each is looked for and shown within the whole text. */
const most = 20

/**
 * What can be said against the expressions of a JSON value without running it: syntax, unknown functions, numbers of
 * arguments. The first findings of every expression; `path` says where in the value it stands.
 */
export function validateExpression(value: JsonValue): ExpressionError[] {
  const found: ExpressionError[] = []
  for (const { text, path } of texts(value)) {
    let left = most
    try {
      for (const node of templateNodes(parseTemplate(text))) {
        walk(node, (one) => {
          const reason = left === 0 ? null : reasonAgainst(one)
          if (reason === null || one.kind !== 'call') return
          left -= 1
          const functionName = one.row?.name ?? one.name
          found.push(
            new ExpressionError({ expression: text, position: one.position, functionName, reason }, path),
          )
        })
      }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      found.push(error.at(path))
    }
  }
  return found
}

function reasonAgainst(node: Node): string | null {
  if (node.kind !== 'call') return null
  if (node.row === null) return unknownFunction(node.name)
  const count = node.args.length
  return count < node.row.minArgs || count > node.row.maxArgs ? wrongArity(node) : null
}

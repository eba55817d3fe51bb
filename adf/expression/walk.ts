import type { JsonValue } from '../json.ts'
import type { Node, Template } from './ast.ts'
import { expressionText } from './expression-object.ts'
import { isExpression } from './parse.ts'

export interface PlacedText {
  readonly text: string
  /** Where in the JSON value it stands, e.g. `source.query` or `items[0]`; empty for the value itself. */
  readonly path: string
}

/** Every string of a JSON value that holds an expression. */
export function* texts(value: JsonValue, path = ''): Generator<PlacedText> {
  if (typeof value === 'string') {
    if (isExpression(value)) yield { text: value, path }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* texts(item, `${path}[${index}]`)
  } else if (value !== null && typeof value === 'object') {
    const text = expressionText(value)
    if (text !== null) {
      yield* texts(text, path)
      return
    }
    for (const [key, item] of Object.entries(value)) yield* texts(item, path === '' ? key : `${path}.${key}`)
  }
}

/** The expressions of a template. */
export function templateNodes(template: Template): Node[] {
  if (template.kind === 'text') return []
  if (template.kind === 'expression') return [template.root]
  return template.parts.filter((part) => typeof part !== 'string')
}

/** Visits a node, then what is in it. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  if (node.kind === 'call') for (const arg of node.args) walk(arg, visit)
  if (node.kind === 'select') {
    walk(node.target, visit)
    walk(node.index, visit)
  }
}

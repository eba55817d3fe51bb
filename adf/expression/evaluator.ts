import type { CallNode, Node, SelectNode, Template } from './ast.ts'
import { ExpressionError, Problem } from './expression-error.ts'
import { arityText, type Context } from './function/function-row.ts'
import { similarFunctions } from './function/function-table.ts'
import {
  isArray,
  isInteger,
  isObject,
  property,
  toText,
  typeName,
  type Value,
  type ValueObject,
} from './value.ts'

/** The value of a whole template: its text, its one expression, or the text with the expressions' texts put in. */
export function templateValue(template: Template, evaluator: Evaluator): Value {
  if (template.kind === 'text') return template.text
  if (template.kind === 'expression') return evaluator.value(template.root)
  let result = ''
  for (const part of template.parts) {
    result += typeof part === 'string' ? part : toText(evaluator.value(part))
  }
  return result
}

/** For an expression whose evaluation the engine of JavaScript refused: what gets too long or too deep. */
export function tooLarge(text: string, path: string): ExpressionError {
  const reason = 'the result is too large, or nested too deep'
  return new ExpressionError({ expression: text, position: 0, functionName: null, reason }, path)
}

/** Walks one parsed expression. What it visits passes `call` and `select`: a subclass may watch there, at no cost to this one. */
export class Evaluator {
  readonly #text: string
  readonly #context: Context

  constructor(text: string, context: Context) {
    this.#text = text
    this.#context = context
  }

  value(node: Node): Value {
    if (node.kind === 'literal') return node.value
    return node.kind === 'call' ? this.call(node) : (this.select(node) ?? null)
  }

  protected call(node: CallNode): Value {
    const { row } = node
    if (row === null) throw this.#error(node, unknownFunction(node.name))
    if (node.args.length < row.minArgs || node.args.length > row.maxArgs) {
      throw this.#error(node, wrongArity(node))
    }
    try {
      if (row.lazy === true) {
        return row.evaluate(
          node.args.map((arg) => () => this.value(arg)),
          this.#context,
        )
      }
      return row.evaluate(
        node.args.map((arg) => this.value(arg)),
        this.#context,
      )
    } catch (error) {
      if (error instanceof Problem) throw this.#error(node, `${row.name}(): ${error.message}`)
      // The engine of JavaScript refuses what gets too long or too deep.
      if (error instanceof RangeError) throw this.#error(node, `${row.name}(): the result is too large`)
      throw error
    }
  }

  /**
   * Undefined: a `?` met null, so all that follows in the chain is null too (`a?.x.y` is null when a is null). A `?` that
   * only misses a property gives null, and `.y` of that is an error.
   */
  protected select(node: SelectNode): Value | undefined {
    const target = node.target.kind === 'select' ? this.select(node.target) : this.value(node.target)
    if (target === undefined) return undefined
    const index = this.value(node.index)
    if (target === null) {
      if (node.safe) return undefined
      throw this.#error(
        node,
        `${selected(index)} cannot be selected: what stands before it is null; use '?' if it may be`,
      )
    }
    if (isArray(target)) return this.#element(node, target, index)
    if (isObject(target)) return this.#property(node, target, index)
    throw this.#error(
      node,
      `${selected(index)} cannot be selected from a value of type ${typeName(target)}: ${short(target)}`,
    )
  }

  #element(node: SelectNode, target: readonly Value[], index: Value): Value {
    if (!isInteger(index)) {
      throw this.#error(
        node,
        `${selected(index)} cannot be selected from an array; elements are selected by an integer`,
      )
    }
    const found = target[Number(index)]
    if (found !== undefined) return found
    if (node.safe) return null
    const bounds = target.length === 0 ? 'the array is empty' : `allowed are 0 to ${target.length - 1}`
    throw this.#error(node, `index ${toText(index)} is outside the array; ${bounds}`)
  }

  #property(node: SelectNode, target: ValueObject, index: Value): Value {
    if (typeof index !== 'string') {
      throw this.#error(
        node,
        `${selected(index)} cannot be selected from an object; properties are selected by name`,
      )
    }
    const found = property(target, index)
    if (found !== undefined) return found
    if (node.safe) return null
    const names = Object.keys(target)
    const known =
      names.length === 0 ? 'the object is empty' : `available are: ${names.slice(0, 30).join(', ')}`
    throw this.#error(node, `there is no property '${index}'; ${known}${names.length > 30 ? ' …' : ''}`)
  }

  #error(node: Node, reason: string): ExpressionError {
    const functionName = node.kind === 'call' ? (node.row?.name ?? node.name) : null
    return new ExpressionError({ expression: this.#text, position: node.position, functionName, reason })
  }
}

export function unknownFunction(name: string): string {
  const near = similarFunctions(name)
  return `there is no function '${name}'${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`
}

export function wrongArity(node: CallNode): string {
  const { row, args } = node
  return row === null
    ? unknownFunction(node.name)
    : `${row.name}() takes ${arityText(row)}, not ${args.length}: ${row.signature}`
}

function selected(index: Value): string {
  return typeof index === 'string' ? `property '${index}'` : `index ${short(index)}`
}

function short(value: Value): string {
  const text = toText(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

import type { Node } from '../expression/ast.ts'
import { ExpressionError } from '../expression/expression-error.ts'
import { parseTemplate } from '../expression/parse.ts'
import { Float } from '../expression/value.ts'
import type { JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { listNames } from '../resource/near-miss.ts'

/** What ARM expressions of a template may read. Both throw an ArmProblem where there is no value. */
export interface ArmScope {
  parameter(name: string): JsonValue
  variable(name: string): JsonValue
}

/** Why a text of a template has no value outside Azure. */
export class ArmProblem extends Error {
  override readonly name = 'ArmProblem'
  readonly severity: 'error' | 'warning'
  /** What stands in its place; the text itself where undefined. */
  readonly instead: JsonValue | undefined

  constructor(message: string, severity: 'error' | 'warning' = 'error', instead?: JsonValue) {
    super(message)
    this.severity = severity
    this.instead = instead
  }
}

/**
 * The value of a string of an ARM template: `[expression]` is evaluated, `[[text]` is the text `[text]`, all else stands for itself.
 * ARM's expressions are written as ADF's are; their functions are others. Throws an ArmProblem.
 */
export function decodeText(text: string, scope: ArmScope): JsonValue {
  if (!text.startsWith('[') || !text.endsWith(']')) return text
  if (text.startsWith('[[')) return text.slice(1)
  try {
    const template = parseTemplate(`@${text.slice(1, -1).trim()}`)
    if (template.kind === 'expression') return valueOf(template.root, scope)
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new ArmProblem(`${show(text)} is no ARM expression: ${error.reason}`)
    throw error
  }
  throw new ArmProblem(`${show(text)} is no ARM expression; a text that starts with [ is written with [[`)
}

function valueOf(node: Node, scope: ArmScope): JsonValue {
  if (node.kind === 'literal') {
    const { value } = node
    if (value instanceof Float) return value.value
    if (typeof value === 'bigint') return Number(value)
    return typeof value === 'object' ? null : value
  }
  if (node.kind === 'select') {
    const target = valueOf(node.target, scope)
    const index = valueOf(node.index, scope)
    const found = typeof index === 'string' || typeof index === 'number' ? at(target, index) : undefined
    if (found !== undefined) return found
    if (node.safe) return null
    throw new ArmProblem(`${show(index)} is not in ${show(target)}`)
  }
  const name = node.name.toLowerCase()
  const [first, second] = node.args
  if (name === 'if' && first !== undefined) {
    const chosen = node.args[valueOf(first, scope) === true ? 1 : 2]
    return chosen === undefined ? null : valueOf(chosen, scope)
  }
  if ((name === 'parameters' || name === 'variables') && first !== undefined && second === undefined) {
    const wanted = valueOf(first, scope)
    if (typeof wanted !== 'string') throw new ArmProblem(`${node.name}() wants a name; it is ${show(wanted)}`)
    return name === 'parameters' ? scope.parameter(wanted) : scope.variable(wanted)
  }
  const run = functions[name]
  if (run === undefined)
    throw new ArmProblem(
      `${node.name}() has no value outside Azure; functions that are evaluated here: ${listNames(['parameters', 'variables', 'if', ...Object.keys(functions)])}`,
    )
  return run(
    node.args.map((arg) => valueOf(arg, scope)),
    node.name,
  )
}

function at(target: JsonValue, index: string | number): JsonValue | undefined {
  if (Array.isArray(target)) return typeof index === 'number' ? target[index] : undefined
  return isObject(target) ? property(target, String(index)) : undefined
}

type ArmFunction = (args: readonly JsonValue[], name: string) => JsonValue

const functions: Readonly<Record<string, ArmFunction>> = {
  concat: (args) =>
    args.length > 0 && args.every((arg) => Array.isArray(arg)) ? args.flat() : args.map(printed).join(''),
  format: ([pattern = '', ...rest], name) =>
    textOf(pattern, name).replaceAll(/\{(\d+)\}/g, (hole, index) => printed(rest[Number(index)] ?? hole)),
  string: ([value = '']) => printed(value),
  int: ([value = null], name) => {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new ArmProblem(`${name}(${show(value)}) is no whole number`)
    return number
  },
  bool: ([value = null]) =>
    value === true || value === 1 || (typeof value === 'string' && value.toLowerCase() === 'true'),
  json: ([value = ''], name) => {
    try {
      const parsed: JsonValue = JSON.parse(textOf(value, name))
      return parsed
    } catch {
      throw new ArmProblem(`${name}(${show(value)}) is no JSON`)
    }
  },
  tolower: ([value = ''], name) => textOf(value, name).toLowerCase(),
  toupper: ([value = ''], name) => textOf(value, name).toUpperCase(),
  trim: ([value = ''], name) => textOf(value, name).trim(),
  replace: ([value = '', from = '', to = ''], name) =>
    textOf(value, name).replaceAll(textOf(from, name), () => textOf(to, name)),
  split: ([value = '', by = ','], name) => textOf(value, name).split(textOf(by, name)),
  first: ([value = '']) => (Array.isArray(value) ? (value[0] ?? null) : printed(value).slice(0, 1)),
  last: ([value = '']) => (Array.isArray(value) ? (value.at(-1) ?? null) : printed(value).slice(-1)),
  createarray: (args) => [...args],
  createobject: (args) =>
    Object.fromEntries(
      args.flatMap((key, index) => (index % 2 === 0 ? [[printed(key), args[index + 1] ?? null]] : [])),
    ),
  equals: ([a = null, b = null]) => JSON.stringify(a) === JSON.stringify(b),
  not: ([value = false]) => value !== true,
  and: (args) => args.every((arg) => arg === true),
  or: (args) => args.some((arg) => arg === true),
  empty: ([value = null]) =>
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0),
  coalesce: (args) => args.find((arg) => arg !== null) ?? null,
  true: () => true,
  false: () => false,
  null: () => null,
}

function textOf(value: JsonValue, name: string): string {
  if (typeof value === 'string') return value
  throw new ArmProblem(`${name}() wants text; it is ${show(value)}`)
}

/** As ARM puts a value into a text. */
function printed(value: JsonValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? '' : JSON.stringify(value)
}

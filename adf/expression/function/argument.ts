import { Problem } from '../expression-error.ts'
import {
  isArray,
  isInteger,
  isNumber,
  isObject,
  toJsonText,
  typeName,
  type Float,
  type Value,
  type ValueObject,
} from '../value.ts'

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']

/** `argument 2 must be a string; it is the Integer 5`. */
export function wrong(index: number, wanted: string, actual: Value): Problem {
  return new Problem(
    `the ${ordinals[index] ?? `${index + 1}th`} argument must be ${wanted}; it is ${describe(actual)}`,
  )
}

/** A value with its type for a message, shortened: `the Integer 5`, `null`. */
export function describe(value: Value): string {
  if (value === null) return 'null'
  const text = toJsonText(value)
  const quoted = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : text
  return `the ${typeName(value)} ${quoted.length > 120 ? `${quoted.slice(0, 119)}…` : quoted}`
}

export function at(args: readonly Value[], index: number): Value {
  return args[index] ?? null
}

export function stringAt(args: readonly Value[], index: number): string {
  const value = at(args, index)
  if (typeof value !== 'string') throw wrong(index, 'a string', value)
  return value
}

export function booleanAt(args: readonly Value[], index: number): boolean {
  const value = at(args, index)
  if (typeof value !== 'boolean') throw wrong(index, 'a boolean', value)
  return value
}

export function numberAt(args: readonly Value[], index: number): number | bigint | Float {
  const value = at(args, index)
  if (!isNumber(value)) throw wrong(index, 'an integer or a float', value)
  return value
}

/** A 32-bit integer, as positions, counts and steps are. */
export function intAt(args: readonly Value[], index: number): number {
  const value = at(args, index)
  if (!isInteger(value)) throw wrong(index, 'an integer', value)
  const plain = Number(value)
  if (Math.abs(plain) > 2_147_483_647)
    throw wrong(index, 'an integer between -2147483647 and 2147483647', value)
  return plain
}

export function arrayAt(args: readonly Value[], index: number): readonly Value[] {
  const value = at(args, index)
  if (!isArray(value)) throw wrong(index, 'an array', value)
  return value
}

export function objectAt(args: readonly Value[], index: number): ValueObject {
  const value = at(args, index)
  if (!isObject(value)) throw wrong(index, 'an object', value)
  return value
}

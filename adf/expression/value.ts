import type { JsonObject, JsonValue } from '../json.ts'
import { decodeBase64 } from './base64.ts'
import { formatFloat } from './float-text.ts'

/**
 * A value inside the evaluator. What comes from JSON is used as it is, without a copy; only numbers need care,
 * because the language tells 64-bit integers from floats and JavaScript does not:
 * - an integer is a `number` that is integral, or a `bigint` beyond 2^53;
 * - a float is a `number` that is not integral (or beyond 2^63), or a `Float` when it is integral (`3.0`).
 */
export type Value = null | boolean | number | bigint | string | Float | readonly Value[] | ValueObject
export interface ValueObject {
  readonly [key: string]: Value
}

/** A float whose value is integral. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** Names of types as the messages say them (ADF's engine uses the same). */
export type TypeName = 'Null' | 'Boolean' | 'Integer' | 'Float' | 'String' | 'Array' | 'Object'

const integerLimit = 2 ** 63

/** A float value: boxed where JavaScript could not tell it from an integer. */
export function float(value: number): Value {
  return Number.isInteger(value) && Math.abs(value) < integerLimit ? new Float(value) : value
}

/** An integer value: a plain number where that is exact. */
export function integer(value: bigint): Value {
  const plain = Number(value)
  return Number.isSafeInteger(plain) ? plain : value
}

export function isInteger(value: Value): value is number | bigint {
  return typeof value === 'number'
    ? Number.isInteger(value) && Math.abs(value) < integerLimit
    : typeof value === 'bigint'
}

export function isNumber(value: Value): value is number | bigint | Float {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float
}

/** The nearest double of any number. */
export function asDouble(value: number | bigint | Float): number {
  if (typeof value === 'number') return value
  return typeof value === 'bigint' ? Number(value) : value.value
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float)
}

export function typeName(value: Value): TypeName {
  if (value === null) return 'Null'
  if (typeof value === 'boolean') return 'Boolean'
  if (typeof value === 'string') return 'String'
  if (isInteger(value)) return 'Integer'
  if (isNumber(value)) return 'Float'
  return isArray(value) ? 'Array' : 'Object'
}

/** Reads a key of an object regardless of case; the exact spelling wins. Undefined where there is none. */
export function property(target: ValueObject, name: string): Value | undefined {
  if (Object.hasOwn(target, name)) return target[name]
  const wanted = name.toLowerCase()
  for (const key of Object.keys(target)) {
    if (key.length === name.length && key.toLowerCase() === wanted) return target[key]
  }
  return undefined
}

/** Sets a key also when it is called `__proto__`: what users send must not reach a prototype. */
export function setKey(target: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    target[key] = value
  }
}

/** Text as concat, string, join and `@{…}` write it: null is empty, true is `True`, 3.0 is `3`. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (isInteger(value)) return BigInt(value).toString()
  if (isNumber(value)) return formatFloat(asDouble(value))
  return binaryText(value) ?? toJsonText(value)
}

/** Compact JSON as the engine writes it: a float keeps its point (`3.0`), characters outside ASCII stay. */
export function toJsonText(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'string') return JSON.stringify(value)
  if (isInteger(value)) return BigInt(value).toString()
  if (isNumber(value)) {
    const text = formatFloat(asDouble(value))
    return /^-?\d+$/.test(text) ? `${text}.0` : text
  }
  if (isArray(value)) return `[${value.map(toJsonText).join(',')}]`
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${toJsonText(item)}`)
  return `{${entries.join(',')}}`
}

/** The text inside a `{"$content-type", "$content"}` object, which `string()` decodes; null for any other value. */
function binaryText(value: Value): string | null {
  const bytes = binaryContent(value)
  return bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** Bytes of a binary object; null for any other value. */
export function binaryContent(value: Value): Uint8Array | null {
  if (!isObject(value) || !Object.hasOwn(value, '$content')) return null
  const content = value['$content']
  if (typeof content !== 'string' || typeof value['$content-type'] !== 'string') return null
  return decodeBase64(content)
}

/**
 * Deep equality with types: 1 ≠ 1.0, 1 ≠ '1', true ≠ 1; the order of keys does not count, their case does.
 * (`equals()` alone takes 1 and 1.0 for equal, and only at its top level: so does the engine.)
 */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true
  if (isNumber(a)) return isNumber(b) && isInteger(a) === isInteger(b) && compareNumbers(a, b) === 0
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
  )
}

/** Negative, 0 or positive. Two integers are compared exactly, all else as doubles. */
export function compareNumbers(a: number | bigint | Float, b: number | bigint | Float): number {
  const left = a instanceof Float ? a.value : a
  const right = b instanceof Float ? b.value : b
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * A value as it leaves the evaluator. A float becomes a JSON number; so does an integer beyond 2^53, rounded to the
 * nearest double (its digits are kept inside the evaluator and in text). What needs no change is not copied.
 */
export function toJson(value: Value): JsonValue {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  // JSON text of -0 is 0: what a run holds must be what its history gives back.
  if (value instanceof Float) return value.value === 0 ? 0 : value.value
  if (isPlain(value)) return value
  if (isArray(value)) return value.map(toJson)
  const result: JsonObject = {}
  for (const [key, item] of Object.entries(value)) setKey(result, key, toJson(item))
  return result
}

function isPlain(value: Value): value is JsonValue {
  if (typeof value === 'bigint' || value instanceof Float) return false
  if (value === null || typeof value !== 'object') return true
  return isArray(value) ? value.every(isPlain) : Object.values(value).every(isPlain)
}

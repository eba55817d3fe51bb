import { DefinitionError } from '../adf/errors.ts'
import type { JsonValue } from '../adf/json.ts'

/** Case-sensitive equality of strings; numbers and booleans compare by their text. Null: no case matches, the default runs. */
export function matchingCase<C extends { readonly value: string }>(
  on: JsonValue,
  cases: readonly C[],
): C | null {
  if (typeof on === 'object') {
    throw new DefinitionError(
      `Switch compares a string, number or boolean; 'on' evaluated to ${JSON.stringify(on)}`,
    )
  }
  const text = String(on)
  return cases.find((one) => one.value === text) ?? null
}

/** IfCondition, Until and Filter need true or false, as ADF; the strings 'true' and 'false' are not. */
export function requireBoolean(value: JsonValue, place: string): boolean {
  if (typeof value === 'boolean') return value
  throw new DefinitionError(
    `${place} must evaluate to true or false, but evaluated to ${JSON.stringify(value)}; compare it, e.g. @equals(…, …)`,
  )
}

export function requireArray(value: JsonValue, place: string): JsonValue[] {
  if (Array.isArray(value)) return value
  throw new DefinitionError(
    `${place} must evaluate to an array, but evaluated to ${JSON.stringify(value)?.slice(0, 80)}; make one with @createArray(…) or @range(…)`,
  )
}

/** Seconds of a Wait: a whole number, or its text, from 0. */
export function requireSeconds(value: JsonValue, place: string): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new DefinitionError(
    `${place} must evaluate to a whole number of seconds from 0, but is ${JSON.stringify(value)}`,
  )
}

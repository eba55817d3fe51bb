import { z } from 'zod'
import type { JsonObject, JsonValue } from '../json.ts'
import { durationForms, parseDuration } from './duration.ts'
import { unwrapExpressions } from './expression-value.ts'
import { listNames, nearMiss, unknownName } from './near-miss.ts'

/**
 * Building blocks of every schema here. ADF reads property names and enum values whatever their case and takes numbers and
 * booleans as text; what has no place is an error that names what has.
 */

/** An object with these properties and no others. */
export function record<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape)
  return z.preprocess(
    (value) => renameKeys(value, names),
    z.strictObject(shape, {
      // One line a key: `describeIssue` takes them apart again.
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys
              .map((key) => {
                const near = nearMiss(key, names)
                const hint = near === null ? '' : ` did you mean ${JSON.stringify(near)}?`
                return `is not a property here;${hint} properties are: ${listNames(names)}`
              })
              .join('\n')
          : undefined,
    }),
  )
}

/** Gives properties the spelling of `names` where only the case differs. */
export function renameKeys(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const spelling = new Map(names.map((name) => [name.toLowerCase(), name]))
  const result: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const name = spelling.get(key.toLowerCase())
    result[name === undefined || Object.hasOwn(value, name) ? key : name] = inner
  }
  return result
}

/** One of these words, whatever the case; `aliases` are other words that real files use. */
export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  aliases: Readonly<Record<string, T[number]>> = {},
) {
  const spelling = new Map<string, T[number]>(values.map((value) => [value.toLowerCase(), value]))
  for (const [alias, value] of Object.entries(aliases)) spelling.set(alias.toLowerCase(), value)
  return z.preprocess(
    (value) => (typeof value === 'string' ? (spelling.get(value.toLowerCase()) ?? value) : value),
    z.enum(values, {
      error: (issue) =>
        typeof issue.input === 'string'
          ? unknownName(issue.input, 'allowed', 'values', values)
          : `must be one of ${listNames(values)}; it is ${show(issue.input)}`,
    }),
  )
}

/** A name or other text that is never an expression. */
export function text() {
  return z.string().min(1, 'must not be empty')
}

/** true or false, also as text. */
export function flag() {
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value,
    z.boolean({ error: (issue) => `must be true or false; it is ${show(issue.input)}` }),
  )
}

/** A whole number, also as text. */
export function whole(range: { min?: number; max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range
  const bounds =
    range.max === undefined
      ? range.min === undefined
        ? ''
        : ` of at least ${range.min}`
      : ` from ${range.min ?? 'any'} to ${range.max}`
  const error = (issue: { input?: unknown }): string =>
    `must be a whole number${bounds}; it is ${show(issue.input)}`
  return z.preprocess(
    (value) => (typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value),
    z.int({ error }).min(min, { error }).max(max, { error }),
  )
}

/** A number, also as text. */
export function decimal(range: { min?: number; max?: number } = {}) {
  const { min = -Infinity, max = Infinity } = range
  const bounds = min === -Infinity && max === Infinity ? '' : ` from ${min} to ${max}`
  const error = (issue: { input?: unknown }): string =>
    `must be a number${bounds}; it is ${show(issue.input)}`
  return z.preprocess(
    (value) =>
      typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value,
    z.number({ error }).min(min, { error }).max(max, { error }),
  )
}

/** A duration as ADF or people write it; milliseconds once read. */
export function duration() {
  return z
    .custom<string>((value) => typeof value === 'string' && parseDuration(value) !== null, {
      error: (issue) => `must be a duration: ${durationForms}; it is ${show(issue.input)}`,
    })
    .transform((value) => parseDuration(value) ?? 0)
    .meta({ type: 'string', examples: ['0.12:00:00', '00:30:00', '12 hours'] })
}

/** Any value; strings that start with `@` or hold `@{…}` are evaluated by the run. ADF's wrapper is taken off. */
export function expression() {
  return z
    .custom<JsonValue>((value) => value !== undefined, 'is required')
    .transform((value) => unwrapExpressions(value))
}

/** A map of names to any values, expressions among them. */
export function anyObject() {
  return z
    .custom<JsonObject>(isObject, {
      error: (issue) => `must be a map of names to values; it is ${show(issue.input)}`,
    })
    .transform((value): JsonObject => {
      const result = unwrapExpressions(value)
      return isObject(result) ? result : value
    })
    .meta({ type: 'object' })
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value for a message: short, quoted as JSON. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing'
  const json = JSON.stringify(value)
  return json.length <= 80 ? json : `${json.slice(0, 77)}…`
}

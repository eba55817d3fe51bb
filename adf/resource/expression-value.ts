import type { JsonValue } from '../json.ts'

/** ADF's wrapper `{ value: '@…', type: 'Expression' }`: gives its value; undefined where it is something else. */
export function expressionInWrapper(value: unknown): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries: [string, JsonValue][] = Object.entries(value)
  if (entries.length !== 2) return undefined
  const type = entries.find(([key]) => key.toLowerCase() === 'type')?.[1]
  const inner = entries.find(([key]) => key.toLowerCase() === 'value')
  if (inner === undefined || typeof type !== 'string' || type.toLowerCase() !== 'expression') return undefined
  return inner[1]
}

/** Replaces ADF's Expression wrappers by what they hold, however deep. */
export function unwrapExpressions(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unwrapExpressions)
  const wrapped = expressionInWrapper(value)
  if (wrapped !== undefined) return wrapped
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapExpressions(inner)]))
}

import type { JsonValue } from '../json.ts'

/** JSON with sorted property names and no blanks: equal values give equal text. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const parts = Object.keys(value)
      .sort()
      .flatMap((key) => {
        const inner = value[key]
        return inner === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(inner)}`]
      })
    return `{${parts.join(',')}}`
  }
  return JSON.stringify(value)
}

/** Freezes a value with all that it holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}

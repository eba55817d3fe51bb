import type { JsonObject, JsonValue } from '../adf/json.ts'

const hidden = '**********'

/** What is shown of evaluated properties: the values of SecureString objects are replaced, as ADF's monitoring does. */
export function withoutSecureStrings(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]))
}

function hide(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(hide)
  if (value['type'] === 'SecureString' && value['value'] !== undefined) return { ...value, value: hidden }
  return withoutSecureStrings(value)
}

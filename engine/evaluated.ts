import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'

/** What an object of a definition evaluates to: an object again. */
export function requireObject(value: JsonValue): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new DefinitionError(`Expected an object, but the value evaluated to ${JSON.stringify(value)}`)
}

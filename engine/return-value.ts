import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'

/**
 * The value of a SetVariable that sets `pipelineReturnValue`, after evaluation: `[{ key, value: { type, content } }]` → object.
 * Types: String, Expression, Array, Boolean, Null, Int, Float, Object (its content is such a list again).
 */
export function returnValues(value: JsonValue): JsonObject {
  if (!Array.isArray(value))
    throw new DefinitionError(`A return value is a list of keys and values, not ${show(value)}`)
  return Object.fromEntries(
    value.map((item) => {
      const { key, value: typed } = asObject(item)
      if (typeof key !== 'string') throw new DefinitionError(`A return value has no key: ${show(item)}`)
      return [key, content(key, typed ?? null)] as const
    }),
  )
}

function content(key: string, typed: JsonValue): JsonValue {
  const { type, content: value = null } = asObject(typed)
  switch (typeof type === 'string' ? type.toLowerCase() : null) {
    case 'null':
      return null
    case 'object':
      return returnValues(value)
    case 'array':
      if (!Array.isArray(value)) throw wrongType(key, 'an array', value)
      return value.map((element) => (isTyped(element) ? content(key, element) : element))
    case 'string':
      if (typeof value !== 'string') throw wrongType(key, 'a string', value)
      return value
    case 'boolean':
    case 'bool':
      if (value === 'true' || value === 'false') return value === 'true'
      if (typeof value !== 'boolean') throw wrongType(key, 'true or false', value)
      return value
    case 'int':
    case 'float': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (typeof number !== 'number' || Number.isNaN(number)) throw wrongType(key, 'a number', value)
      return number
    }
    case 'expression':
      return value
    default:
      throw new DefinitionError(
        `The return value '${key}' has type ${show(type ?? null)}; allowed are String, Expression, Array, Boolean, Null, Int, Float, Object`,
      )
  }
}

function isTyped(value: JsonValue): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    'type' in value &&
    'content' in value
  )
}

function asObject(value: JsonValue): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DefinitionError(`A return value is { key, value: { type, content } }, not ${show(value)}`)
  return value
}

function wrongType(key: string, wanted: string, value: JsonValue): DefinitionError {
  return new DefinitionError(`The return value '${key}' must be ${wanted}, but is ${show(value)}`)
}

function show(value: JsonValue): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ParameterType, PlannedPipeline } from '../adf/plan/plan.ts'
import { entryNamed } from './name.ts'

type Parameters = PlannedPipeline['parameters']

/**
 * Values of a pipeline's, dataset's or linked service's parameters: what was given, else the default. A string is taken as
 * the declared type where it says one (`"5"`, `"true"`, `"[1]"`), since command lines and ADF's own ExecutePipeline pass strings.
 */
export function bindParameters(definitions: Parameters, given: JsonObject, owner: string): JsonObject {
  for (const name of Object.keys(given)) {
    if (entryNamed(definitions, name) !== null) continue
    const known = Object.keys(definitions).join(', ') || 'none'
    throw new DefinitionError(`${owner} has no parameter '${name}'; its parameters are: ${known}`)
  }
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { type, defaultValue }]) => {
      const entry = entryNamed(given, name)
      const value = entry === null ? defaultValue : entry.value
      if (value === undefined)
        throw new DefinitionError(
          `${owner} needs the parameter '${name}' (${type}): give it or set a defaultValue`,
        )
      return [name, asType(type, value, `the parameter '${name}' of ${owner}`)] as const
    }),
  )
}

/** Records and status show this in place of a SecureString. */
export function withoutSecrets(definitions: Parameters, values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      definitions[name]?.type === 'SecureString' ? '***' : value,
    ]),
  )
}

const accepts: Readonly<Record<ParameterType, (value: JsonValue) => boolean>> = {
  String: (value) => typeof value === 'string',
  SecureString: (value) => typeof value === 'string',
  Int: (value) => Number.isSafeInteger(value),
  Float: (value) => typeof value === 'number',
  Bool: (value) => typeof value === 'boolean',
  Array: (value) => Array.isArray(value),
  Object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

function asType(type: ParameterType, value: JsonValue, place: string): JsonValue {
  if (value === null || accepts[type](value)) return value
  const converted = type === 'String' ? asText(value) : fromText(type, value)
  if (converted !== undefined && accepts[type](converted)) return converted
  const shown = type === 'SecureString' ? 'a value that is not a string' : JSON.stringify(value).slice(0, 80)
  throw new DefinitionError(`${place} must be of type ${type}, but is ${shown}`)
}

function asText(value: JsonValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value)
}

function fromText(type: ParameterType, value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const parsed: JsonValue = JSON.parse(type === 'Bool' ? value.toLowerCase() : value)
    return parsed
  } catch {
    return undefined
  }
}

import type { z } from 'zod'
import { copySinkTypes } from '../activity/copy/sink-types.ts'
import { copySourceTypes } from '../activity/copy/source-types.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { expressionInWrapper } from '../resource/expression-value.ts'
import { isObject } from '../resource/fields.ts'
import { jsonSchema } from '../resource/json-schema.ts'
import type { Path } from '../text/positions.ts'
import type { NotHonoured } from './not-honoured.ts'

/** Properties of connectors that say how fast and how often, not what: without them the same data arrives. */
const speedOnly = new Set(
  [
    'maxConcurrentConnections',
    'disableMetricsCollection',
    'sourceRetryCount',
    'sourceRetryWait',
    'sinkRetryCount',
    'sinkRetryWait',
    'blockSizeInMB',
    'writeBatchSize',
    'writeBatchTimeout',
    'queryTimeout',
    'dataIntegrationUnits',
    'parallelCopies',
    'isServerVersionAbove10',
    'useBinaryTransfer',
    'enableSSL',
  ].map((name) => name.toLowerCase()),
)

/** What ADF's editor writes though it says what is done anyway, in lower case. */
const doneAnyway: Readonly<Record<string, string>> = { requestmethod: 'get' }

const schemas = new WeakMap<z.ZodType, JsonObject>()

function schemaOf(type: z.ZodType): JsonObject {
  const known = schemas.get(type) ?? jsonSchema(type)
  schemas.set(type, known)
  return known
}

/** What a description of a property begins with where the property is read and does nothing; the rest of it says why. */
export const withoutEffect = 'Has no effect'
export const notDone = 'Not done'
/** … and where it is done otherwise than by ADF. */
export const doneOtherwise = 'Differs'

/**
 * Properties of a definition that nothing here uses, found by the schemas that judge it: ADF's connectors have more than run here. What a
 * strict schema refuses is not told again.
 */
export function unusedProperties(value: JsonValue, type: z.ZodType, path: Path): Generator<NotHonoured> {
  return walk(value, schemaOf(type), path)
}

function* walk(value: JsonValue | undefined, schema: JsonObject, path: Path): Generator<NotHonoured> {
  if (value === undefined || value === null) return
  const inner = expressionInWrapper(value)
  if (inner !== undefined) return
  if (Array.isArray(value)) {
    const items = schema['items']
    if (isObject(items)) for (const [index, one] of value.entries()) yield* walk(one, items, [...path, index])
    return
  }
  if (!isObject(value)) return
  const properties = propertiesOf(schema)
  if (properties === undefined) return
  const spelling = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]))
  for (const [key, one] of Object.entries(value)) {
    if (one === null) continue
    const name = spelling.get(key.toLowerCase())
    const at = [...path, key]
    const known = name === undefined || !Object.hasOwn(properties, name) ? undefined : properties[name]
    if (known === undefined) {
      const anyway = typeof one === 'string' && doneAnyway[key.toLowerCase()] === one.toLowerCase()
      if (schema['additionalProperties'] !== false && !anyway) yield unknownProperty(key, one, at)
    } else if (isObject(known)) {
      yield* noEffect(known, one, at)
      yield* walk(one, endSchema(name ?? key, one) ?? known, at)
    }
  }
}

function unknownProperty(key: string, value: JsonValue, path: Path): NotHonoured {
  const harmless = speedOnly.has(key.toLowerCase())
  return {
    id: 'unused-property',
    // What is switched off does nothing in ADF either.
    level: harmless || value === false || isEmpty(value) ? 'note' : 'review',
    path,
    message: harmless
      ? 'is not used: it bears on speed and tries only'
      : 'is not used here: what it asks for is not done',
  }
}

function* noEffect(schema: JsonObject, value: JsonValue, path: Path): Generator<NotHonoured> {
  const description = schema['description']
  if (typeof description !== 'string' || value === false || isEmpty(value)) return
  const said = [withoutEffect, notDone].find((one) => description.startsWith(one))
  if (said === undefined) return
  yield {
    id: 'unused-property',
    level: said === notDone ? 'review' : 'note',
    path,
    message: `${description.charAt(0).toLowerCase()}${description.slice(1)}`,
  }
}

function isEmpty(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) ? Object.keys(value).length === 0 : value === ''
}

const endTypes = new Map<string, Readonly<Record<string, z.ZodType>>>([
  ['source', copySourceTypes],
  ['sink', copySinkTypes],
])

/** `source` and `sink` are judged by their own `type`. */
function endSchema(key: string, value: JsonValue): JsonObject | undefined {
  const types = endTypes.get(key)
  const type = isObject(value) ? Object.entries(value).find(([one]) => one.toLowerCase() === 'type')?.[1] : ''
  if (types === undefined || typeof type !== 'string') return undefined
  const found = Object.entries(types).find(([name]) => name.toLowerCase() === type.toLowerCase())?.[1]
  return found === undefined ? undefined : schemaOf(found)
}

/** Of an object, or of the one object among alternatives. */
function propertiesOf(schema: JsonObject): JsonObject | undefined {
  if (isObject(schema['properties'])) return schema['properties']
  const any = schema['anyOf']
  if (!Array.isArray(any)) return undefined
  const objects = any.flatMap((one) =>
    isObject(one) && isObject(one['properties']) ? [one['properties']] : [],
  )
  return objects.length === 1 ? objects[0] : undefined
}

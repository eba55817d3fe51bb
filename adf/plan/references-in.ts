import type { z } from 'zod'
import { datasetReference, linkedServiceReference } from '../activity/references.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { isObject } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { resolveDatasetReference, resolveLinkedServiceReference } from './resolve-references.ts'

/**
 * Puts every dataset and linked service that typeProperties refer to, at whatever depth, into the plan; what a reference leaves out
 * is filled in. What is wrong with the shape of a reference was reported with the other properties.
 */
export function resolveReferencesIn(
  typeProperties: JsonObject,
  path: Path,
  scope: PipelineScope,
): JsonObject {
  return Object.fromEntries(
    Object.entries(typeProperties).map(([key, value]) => [key, resolveIn(key, value, [...path, key], scope)]),
  )
}

function resolveIn(key: string, value: JsonValue, path: Path, scope: PipelineScope): JsonValue {
  if (Array.isArray(value)) return value.map((item, index) => resolveIn(key, item, [...path, index], scope))
  if (!isObject(value)) return value
  const { factory, used, issues } = scope
  const type = referenceType(key, value)
  if (type === 'dataset') {
    const found = resolved(value, datasetReference, (given) =>
      resolveDatasetReference(given, path, factory, used, issues),
    )
    return found === null ? value : { ...found, type: 'DatasetReference' }
  }
  if (type === 'linkedService') {
    const found = resolved(value, linkedServiceReference, (given) =>
      resolveLinkedServiceReference(given, path, factory, used, issues),
    )
    return found === null ? value : { ...found, type: 'LinkedServiceReference' }
  }
  return resolveReferencesIn(value, path, scope)
}

function resolved<S extends z.ZodType, R>(
  value: JsonObject,
  schema: S,
  resolve: (given: z.output<S>) => R | null,
): R | null {
  const given = schema.safeParse(value)
  return given.success ? resolve(given.data) : null
}

/** By its `type`; where that is left out, by the property that ADF keeps such references in. */
function referenceType(key: string, value: JsonObject): 'dataset' | 'linkedService' | null {
  const fields = new Map(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner]))
  if (typeof fields.get('referencename') !== 'string') return null
  const type =
    fields.get('type') ??
    { dataset: 'DatasetReference', linkedservicename: 'LinkedServiceReference' }[key.toLowerCase()]
  if (typeof type !== 'string') return null
  if (type.toLowerCase() === 'datasetreference') return 'dataset'
  return type.toLowerCase() === 'linkedservicereference' ? 'linkedService' : null
}

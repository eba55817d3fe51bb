import { getMetadataProperties } from '../adf/activity/get-metadata.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityFunction } from './activity.ts'
import { datasetOf } from './dataset-place.ts'
import { deltaMetadata } from './metadata/delta-metadata.ts'
import { fileMetadata, type Metadata } from './metadata/file-metadata.ts'
import { tableMetadata } from './metadata/table-metadata.ts'
import { parseProperties } from './properties.ts'

/**
 * Tells what a file, a folder or a table is, in ADF's words. The output holds the fields that were asked. What is not there gives
 * `exists: false` and nothing else where `exists` was asked, else a failure that is retried. Folders of a lake exist while they hold something.
 */
export const getMetadata: ActivityFunction = async (invocation, { signal }, dependencies) => {
  const {
    dataset: reference,
    fieldList,
    storeSettings,
    formatSettings,
  } = parseProperties(getMetadataProperties, invocation)
  const dataset = datasetOf(invocation, reference.referenceName)
  const store = await dependencies.stores.open(dataset.linkedService)
  const found: Metadata =
    store.kind === 'files'
      ? await fileMetadata({
          store,
          dataset,
          storeSettings: storeSettings ?? {},
          formatSettings: formatSettings ?? {},
          dependencies,
          signal,
        })
      : store.kind === 'tables'
        ? await deltaMetadata(dataset, dependencies)
        : await tableMetadata(store, dataset)
  if (found.fields === null) {
    if (fieldList.includes('exists')) return { exists: false }
    throw new Error(
      `${found.name} is not there; add exists to the fieldList where that is no failure (dataset '${dataset.name}')`,
    )
  }
  const output: Record<string, JsonValue> = {}
  for (const field of fieldList) {
    const read: (() => Promise<JsonValue>) | undefined = found.fields[field]
    if (read === undefined)
      throw new DefinitionError(
        `activity "${invocation.name}" asks for ${field}, which a ${found.kind} such as ${found.name} does not have; it has: ${Object.keys(found.fields).join(', ')}`,
      )
    output[field] = await read()
  }
  return output satisfies JsonObject
}

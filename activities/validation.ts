import { ApplicationFailure } from '@temporalio/activity'
import { DefinitionError } from '../adf/errors.ts'
import { tableFolder } from '../tables/contract.ts'
import { deltaTableOf } from './copy/delta/delta-table.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ResolvedDataset } from '../adf/run/run.ts'
import type { FileStore } from '../stores/file-store.ts'
import type { Stores } from '../stores/store.ts'
import { placeOf, storePath } from './dataset-place.ts'
import { tableMetadata } from './metadata/table-metadata.ts'

/** What a Validation activity waits for. */
export interface ValidationInput {
  readonly dataset: ResolvedDataset
  /** Bytes that a file must have at least. */
  readonly minimumSize: JsonValue
  /** Folders: true: must hold something; false: must be empty; null: must exist. */
  readonly childItems: boolean | null
}

/** How long one look may take. */
export const validationLookMs = 60_000

/** The dataset is not yet as it should be: the one failure that Temporal itself repeats, after `sleep`, until the timeout. */
function notYet(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'NotYetValid', message })
}

/** One look at a dataset. Resolves to what GetMetadata would say of it; throws while it does not hold. */
export async function validateDataset(stores: Stores, input: ValidationInput): Promise<JsonObject> {
  const { dataset } = input
  const store = await stores.open(dataset.linkedService)
  if (store.kind === 'tables') {
    const name = deltaTableOf(dataset)
    if (name === null)
      throw new DefinitionError(`Dataset '${dataset.name}' names no table: give it database and table`)
    const entries = await store.lake.children(`${tableFolder(name)}/_delta_log`)
    if (entries.length === 0) throw notYet(`${name} is not there yet`)
    return { exists: true, itemName: name, itemType: 'Table' }
  }
  if (store.kind !== 'files') {
    const { name, fields } = await tableMetadata(store, dataset)
    if (fields === null) throw notYet(`${name} is not there yet`)
    return { exists: true, itemName: name, itemType: 'Table' }
  }
  const { folder, file } = placeOf(dataset)
  return file === null ? folderLook(store, folder, input) : fileLook(store, storePath(folder, file), input)
}

async function fileLook(store: FileStore, path: string, input: ValidationInput): Promise<JsonObject> {
  const found = await store.stat(path)
  if (found === null) throw notYet(`${path} is not there yet`)
  const minimum = Number(input.minimumSize ?? 0)
  if (found.size !== null && found.size < minimum)
    throw notYet(`${path} has ${found.size} bytes; it needs ${minimum}`)
  return {
    exists: true,
    itemName: path.slice(path.lastIndexOf('/') + 1),
    itemType: 'File',
    size: found.size,
    lastModified: found.modified?.toISOString() ?? null,
  }
}

async function folderLook(store: FileStore, folder: string, input: ValidationInput): Promise<JsonObject> {
  const children = await store.children(folder)
  if (input.childItems === true && children.length === 0) throw notYet(`${folder} holds nothing yet`)
  if (input.childItems === false && children.length > 0)
    throw notYet(`${folder} is not empty yet: it holds ${children.length} items`)
  if (input.childItems === null && children.length === 0) throw notYet(`${folder} is not there yet`)
  return {
    exists: true,
    itemName: folder.split('/').at(-1) ?? '',
    itemType: 'Folder',
    childItems: children.length,
  }
}

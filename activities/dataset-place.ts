import type { JsonObject, JsonValue } from '../adf/json.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { ActivityInvocation, ResolvedDataset } from '../adf/run/run.ts'

/** Where the files of a dataset lie in their store. All parts without a leading or trailing `/`; '' where there is none. */
export interface DatasetPlace {
  /** Container, file system or bucket. */
  readonly container: string
  /** Folder below the container. */
  readonly folder: string
  /** Null: the dataset is the folder. */
  readonly file: string | null
}

/**
 * Where a dataset lies. ADF keeps it in `location` (`fileSystem`, `container` or `bucketName`, `folderPath`, `fileName`), in older files in
 * `folderPath` and `fileName` themselves.
 */
export function datasetPlace(dataset: ResolvedDataset): DatasetPlace {
  const location = property(dataset.typeProperties, 'location')
  const source = isObject(location) ? location : dataset.typeProperties
  const part = (key: string): string => cleaned(textOf(dataset.name, key, property(source, key) ?? ''))
  const container = ['fileSystem', 'container', 'bucketName'].map(part).find((one) => one !== '') ?? ''
  // Of HTTP: an address below the linked service's, query included.
  const file = textOf(
    dataset.name,
    'fileName',
    property(source, 'fileName') ?? property(source, 'relativeUrl') ?? '',
  )
  return { container, folder: part('folderPath'), file: file === '' ? null : file }
}

/** Path of a folder in the store, container first: `landing/2026/11`. */
export function storePath(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/')
}

/** The place as one path. Throws a DefinitionError where the dataset names none: no activity of ours is meant for a whole store. */
export function placeOf(dataset: ResolvedDataset): { folder: string; file: string | null } {
  const { container, folder, file } = datasetPlace(dataset)
  const path = storePath(container, folder)
  if (path === '' && file === null)
    throw new DefinitionError(
      `Dataset '${dataset.name}' says no place: give its location a folderPath or a fileName`,
    )
  return { folder: path, file }
}

/** A property whatever the case of its name. */
export function property(owner: JsonObject, key: string): JsonValue | undefined {
  if (Object.hasOwn(owner, key)) return owner[key]
  const wanted = key.toLowerCase()
  return Object.entries(owner).find(([name]) => name.toLowerCase() === wanted)?.[1]
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `/a//b/` is `a/b`. */
function cleaned(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
}

function textOf(dataset: string, key: string, value: JsonValue): string {
  if (typeof value === 'string') return value
  throw new DefinitionError(`Dataset '${dataset}' has ${key} ${JSON.stringify(value)}; it must be a string`)
}

/** A dataset that typeProperties refer to. */
export function datasetOf(invocation: ActivityInvocation, name: string): ResolvedDataset {
  const dataset = invocation.datasets[name]
  if (dataset !== undefined) return dataset
  throw new DefinitionError(
    `activity "${invocation.name}" names dataset ${JSON.stringify(name)}, which the run was not given; start a new run`,
  )
}

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { readFormatSettings } from '../../adf/activity/copy/file-settings.ts'
import type { MetadataField } from '../../adf/activity/get-metadata.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ResolvedDataset } from '../../adf/run/run.ts'
import type { RowColumn, RowType } from '../../formats/rows/row-stream.ts'
import type { FileStore, StoredChild, StoredFile } from '../../stores/file-store.ts'
import type { Dependencies } from '../activity.ts'
import { formatOf } from '../copy/files/file-formats.ts'
import { LocalCopies } from '../copy/files/local-copies.ts'
import { instant, type ReadStoreSettings } from '../copy/files/select-files.ts'
import { placeOf, storePath } from '../dataset-place.ts'

/** What an item has; each is read when it is asked for. */
export interface Metadata {
  readonly name: string
  /** file, folder or table. */
  readonly kind: string
  /** Null: there is no such item. */
  readonly fields: Partial<Record<MetadataField, () => Promise<JsonValue>>> | null
}

export interface AskedFile {
  readonly store: FileStore
  readonly dataset: ResolvedDataset
  readonly storeSettings: ReadStoreSettings
  readonly formatSettings: z.output<typeof readFormatSettings>
  readonly dependencies: Dependencies
  readonly signal: AbortSignal
}

export async function fileMetadata(asked: AskedFile): Promise<Metadata> {
  const { store, dataset } = asked
  const { folder, file } = placeOf(dataset)
  if (file === null) return folderMetadata(asked, folder)
  const path = storePath(folder, file)
  const found = await store.stat(path)
  if (found === null) return { name: path, kind: 'file', fields: null }
  const format = formatOf(dataset.type)
  const { size, created, modified } = found
  return {
    name: path,
    kind: 'file',
    fields: {
      exists: async () => true,
      itemName: async () => path.slice(path.lastIndexOf('/') + 1),
      itemType: async () => 'File',
      ...(size === null ? {} : { size: async () => size }),
      ...(created === null || created === undefined ? {} : { created: async () => created.toISOString() }),
      ...(modified === null ? {} : { lastModified: async () => modified.toISOString() }),
      contentMD5: () => md5(store, path, asked.signal),
      ...(format === null
        ? {}
        : {
            structure: async () => structureOf(await columnsOf(asked, found)),
            columnCount: async () => (await columnsOf(asked, found)).length,
          }),
    },
  }
}

async function folderMetadata({ store, storeSettings }: AskedFile, folder: string): Promise<Metadata> {
  const children = await store.children(folder)
  if (children.length === 0) return { name: folder, kind: 'folder', fields: null }
  return {
    name: folder,
    kind: 'folder',
    fields: {
      exists: async () => true,
      itemName: async () => folder.slice(folder.lastIndexOf('/') + 1),
      itemType: async () => 'Folder',
      childItems: async () => {
        const chosen = await inTime(store, folder, children, storeSettings)
        return chosen.map(({ name, type }) => ({ name, type }))
      },
    },
  }
}

/** With a filter by time: the files within it, and no folder, as in ADF. */
async function inTime(
  store: FileStore,
  folder: string,
  children: readonly StoredChild[],
  settings: ReadStoreSettings,
): Promise<readonly StoredChild[]> {
  const [start, end] = [instant(settings.modifiedDatetimeStart), instant(settings.modifiedDatetimeEnd)]
  if (start === null && end === null) return children
  const chosen: StoredChild[] = []
  for (const child of children) {
    if (child.type !== 'File') continue
    const time = (await store.stat(storePath(folder, child.name)))?.modified?.getTime() ?? null
    if (time !== null && (start === null || time >= start) && (end === null || time < end)) chosen.push(child)
  }
  return chosen
}

/** Base64, as Blob Storage gives it. */
async function md5(store: FileStore, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5')
  for await (const chunk of await store.read(path)) {
    signal.throwIfAborted()
    hash.update(chunk as Uint8Array)
  }
  return hash.digest('base64')
}

async function columnsOf(asked: AskedFile, file: StoredFile): Promise<readonly RowColumn[]> {
  const { store, dataset, dependencies, signal } = asked
  const format = formatOf(dataset.type)
  if (format === null) return []
  const copies = new LocalCopies(store, {
    compression: format.compression(dataset.typeProperties),
    encoding: format.encoding(dataset.typeProperties),
  })
  try {
    const files = await copies.of([{ ...file, relative: file.path }], signal)
    const formatSettings: JsonObject =
      asked.formatSettings.skipLineCount === undefined
        ? {}
        : { skipLineCount: asked.formatSettings.skipLineCount }
    return await dependencies.duckdb.session(async (connection) => {
      const input = {
        connection,
        files,
        formatSettings,
        broken: 'fail' as const,
        pad: false,
        withFile: false,
        signal,
      }
      return (await format.open(dataset.typeProperties, input)).columns
    }, signal)
  } finally {
    await copies.close()
  }
}

/** ADF's names of types. */
const names: Readonly<Record<RowType, string>> = {
  string: 'String',
  int: 'Int32',
  bigint: 'Int64',
  double: 'Double',
  decimal: 'Decimal',
  boolean: 'Boolean',
  timestamp: 'DateTime',
  date: 'Date',
  time: 'TimeSpan',
  bytes: 'Byte[]',
  json: 'Object',
}

export function structureOf(columns: readonly RowColumn[]): JsonValue {
  return columns.map(({ name, type }) => ({ name, type: names[type] }))
}

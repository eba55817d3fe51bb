import type { z } from 'zod'
import type { readStoreSettings } from '../../../adf/activity/copy/file-settings.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { type FileStore, StoredFileMissing, type StoredFile } from '../../../stores/file-store.ts'
import { type DatasetPlace, storePath } from '../../dataset-place.ts'
import { holdsWildcard, wildcardPattern, withoutEscapes } from './wildcard.ts'

export type ReadStoreSettings = z.output<typeof readStoreSettings>

/** A file that a source or Delete means. */
export interface SelectedFile extends StoredFile {
  /** Path below the folder that was searched: what PreserveHierarchy keeps, and `$$FILEPATH`. */
  readonly relative: string
}

/** No list of paths is longer: 64 MiB of them would be a mistake. */
const fileListLimit = 64 * 2 ** 20

/**
 * The files that a dataset and `storeSettings` mean, in path order: wildcards, else a list of paths, else a prefix, else the dataset's
 * file or folder. Throws StoredFileMissing where the dataset names a file that is not there.
 */
export async function* selectFiles(
  store: FileStore,
  place: DatasetPlace,
  settings: ReadStoreSettings,
): AsyncGenerator<SelectedFile> {
  for await (const file of candidates(store, place, settings)) if (inTime(file, settings)) yield file
}

/** Whether `storeSettings` or the dataset may mean more than one file. */
export function isOneFile(place: DatasetPlace, settings: ReadStoreSettings): boolean {
  return (
    place.file !== null &&
    !usesWildcard(settings) &&
    given(settings.fileListPath) === null &&
    given(settings.prefix) === null
  )
}

export function usesWildcard(settings: ReadStoreSettings): boolean {
  return given(settings.wildcardFileName) !== null || given(settings.wildcardFolderPath) !== null
}

/** The folder that `relative` paths and partitions count from. */
export function searchedFolder(place: DatasetPlace, settings: ReadStoreSettings): string {
  const wild = given(settings.wildcardFolderPath)
  const folder = wild === null ? place.folder : fixedPart(cleaned(wild))
  return storePath(place.container, folder)
}

async function* candidates(
  store: FileStore,
  place: DatasetPlace,
  settings: ReadStoreSettings,
): AsyncGenerator<SelectedFile> {
  const folder = searchedFolder(place, settings)
  if (usesWildcard(settings)) {
    yield* matching(store, settings, folder)
    return
  }
  const list = given(settings.fileListPath)
  if (list !== null) {
    yield* listed(store, place, list)
    return
  }
  const prefix = given(settings.prefix)
  if (prefix !== null) {
    yield* startingWith(store, place, prefix)
    return
  }
  if (place.file !== null) {
    const path = storePath(folder, place.file)
    const found = await store.stat(path)
    if (found === null) throw new StoredFileMissing(path)
    yield { ...found, relative: place.file }
    return
  }
  for await (const file of store.list(folder, { recursive: settings.recursive ?? true }))
    yield { ...file, relative: below(folder, file.path) }
}

async function* matching(
  store: FileStore,
  settings: ReadStoreSettings,
  folder: string,
): AsyncGenerator<SelectedFile> {
  const wildFolder = given(settings.wildcardFolderPath)
  const segments = cleaned(wildFolder ?? '')
    .split('/')
    .filter((segment) => segment !== '')
  const inFolder = segments.slice(segments.findIndex(holdsWildcard)).map(wildcardPattern)
  const folders = segments.some(holdsWildcard) ? inFolder : []
  const name = wildcardPattern(given(settings.wildcardFileName) ?? '*')
  const recursive = settings.recursive ?? true
  for await (const file of store.list(folder, { recursive: recursive || folders.length > 0 })) {
    const relative = below(folder, file.path)
    const parts = relative.split('/')
    const fileName = parts.pop() ?? ''
    if (!name.test(fileName) || parts.length < folders.length) continue
    if (!recursive && parts.length > folders.length) continue
    if (folders.every((pattern, index) => pattern.test(parts[index] ?? ''))) yield { ...file, relative }
  }
}

async function* listed(store: FileStore, place: DatasetPlace, list: string): AsyncGenerator<SelectedFile> {
  const path = cleaned(list)
  const folder = storePath(place.container, place.folder)
  const text = await readText(store, path)
  for (const line of text.split(/\r\n|\n|\r/)) {
    const relative = cleaned(line.trim())
    if (relative === '') continue
    const found = await store.stat(storePath(folder, relative))
    if (found === null)
      throw new StoredFileMissing(storePath(folder, relative), { cause: new Error(`it is named by ${path}`) })
    yield { ...found, relative }
  }
}

async function* startingWith(
  store: FileStore,
  place: DatasetPlace,
  prefix: string,
): AsyncGenerator<SelectedFile> {
  const wanted = cleaned(prefix) + (prefix.endsWith('/') ? '/' : '')
  const folder = storePath(place.container, wanted.slice(0, Math.max(0, wanted.lastIndexOf('/'))))
  const start = storePath(place.container, wanted)
  for await (const file of store.list(folder, { recursive: true }))
    if (file.path.startsWith(start)) yield { ...file, relative: below(folder, file.path) }
}

async function readText(store: FileStore, path: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of await store.read(path)) {
    const buffer = Buffer.from(chunk as Uint8Array)
    bytes += buffer.length
    if (bytes > fileListLimit)
      throw new DefinitionError(
        `fileListPath ${path} has more than ${fileListLimit} bytes: no list of paths is so long`,
      )
    chunks.push(buffer)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

function inTime({ path, modified }: StoredFile, settings: ReadStoreSettings): boolean {
  const [start, end] = [instant(settings.modifiedDatetimeStart), instant(settings.modifiedDatetimeEnd)]
  if (start === null && end === null) return true
  if (modified === null)
    throw new DefinitionError(
      `${path} has no time of change, so modifiedDatetimeStart and modifiedDatetimeEnd cannot choose files here`,
    )
  const time = modified.getTime()
  return (start === null || time >= start) && (end === null || time < end)
}

/** Times without a zone are UTC, as in ADF. */
export function instant(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`)
}

function fixedPart(folder: string): string {
  const segments = folder.split('/')
  const first = segments.findIndex(holdsWildcard)
  return (first === -1 ? segments : segments.slice(0, first)).map(withoutEscapes).join('/')
}

function below(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1)
}

function cleaned(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
}

function given(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text
}

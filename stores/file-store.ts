import type { Readable } from 'node:stream'

/** One file. `path` is relative to the store, with `/`, container or file system first: `landing/2026/11/orders.csv`. */
export interface StoredFile {
  readonly path: string
  /** Bytes; null where the store does not say before it is read. */
  readonly size: number | null
  readonly modified: Date | null
  /** Absent or null where the store does not know it. */
  readonly created?: Date | null
}

export interface StoredChild {
  readonly name: string
  readonly type: 'File' | 'Folder'
}

export type FileContent = Readable | AsyncIterable<Uint8Array> | Uint8Array

/**
 * Files behind a linked service: folders on disk, Blob Storage, ADLS Gen2, HTTP. A file is visible under its name only when it is
 * complete; writing and deleting may be repeated. Paths are checked: no empty, `.` or `..` segment, no backslash, no NUL; else a DefinitionError.
 * A store that cannot do something (HTTP cannot list or write) throws a DefinitionError that says so.
 */
export interface FileStore {
  readonly kind: 'files'
  /** Files below a folder ('' is all) in path order; nothing where it is missing. */
  list(folder: string, options: { readonly recursive: boolean }): AsyncIterable<StoredFile>
  children(folder: string): Promise<StoredChild[]>
  stat(path: string): Promise<StoredFile | null>
  /** Throws `StoredFileMissing`. */
  read(path: string): Promise<Readable>
  /** Puts all of it under the name at once, in place of what was there. */
  write(path: string, content: FileContent): Promise<{ readonly bytes: number }>
  /** The same from a finished local file, which is consumed. */
  writeFromFile(path: string, localFile: string): Promise<void>
  /** No error where it is missing. Folders live while they hold something. */
  delete(path: string): Promise<void>
  /** Deletes a folder with all in it; no error where it is missing. */
  deleteFolder(folder: string): Promise<void>
  /** Where tools on this machine (DuckDB, copy) read the file by themselves; null: only through `read`. */
  localPath(path: string): string | null
  /** A local folder for unfinished files, on the same volume where the store is local; the caller removes what it makes. */
  scratch(): Promise<string>
}

export class StoredFileMissing extends Error {
  override readonly name = 'StoredFileMissing'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is not in the store`, options)
    this.path = path
  }
}

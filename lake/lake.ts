import type { Readable } from 'node:stream'

/** One object. `path` is relative to the lake, with `/`: `bronze/scans/<guid>/processing_log.json`. */
export interface LakeObject {
  readonly path: string
  readonly size: number
  readonly modified: Date
  /** Changes whenever the content does; what `replace` compares. */
  readonly etag: string
}

/** What lies in a folder and cannot be an object of the lake: a link, a device, a name that no path may have. */
export interface Foreign {
  /** Folder of the lake that holds it. */
  readonly folder: string
  /** As it is stored; may hold any character. */
  readonly name: string
  /** `is a symbolic link` and the like, to be read after its name. */
  readonly reason: string
}

export type LakeContent = Readable | Uint8Array | string

/** An object that is read at any place, as it was when it was opened. */
export interface OpenObject {
  /** Fills `target` with the bytes from `position` on; answers how many there were: fewer only at the end. */
  fill(target: Uint8Array, position: number): Promise<number>
  close(): Promise<void>
}

/**
 * Files behind one port: local folders or ADLS Gen2. An object becomes visible only when it is complete.
 * Paths are checked: no empty, `.` or `..` segment, no leading `/`, no backslash, no NUL; else a TypeError.
 */
export interface Lake {
  /**
   * Objects below a prefix (a folder path, '' is all), in path order; nothing where the folder is missing. `onForeign` is told of what
   * is left out, while the folder that holds it is walked.
   */
  list(folder: string, onForeign?: (found: Foreign) => void): AsyncIterable<LakeObject>
  /** Immediate children of a folder. */
  children(folder: string): Promise<{ name: string; type: 'File' | 'Folder'; size: number }[]>
  stat(path: string): Promise<LakeObject | null>
  /** Streams bytes [start, end). Throws LakeNotFound. */
  read(path: string, range?: { start: number; end: number }): Promise<Readable>
  /** To be closed. Throws LakeNotFound. */
  open(path: string): Promise<OpenObject>
  /** Whole object as bytes; throws a RangeError above `limit` bytes (default 64 MiB). */
  readBytes(path: string, limit?: number): Promise<Buffer>
  readText(path: string, limit?: number): Promise<string>
  /** Create-if-absent, atomically: readers see all of it or nothing. `false`: it existed already and is untouched. */
  create(path: string, content: LakeContent): Promise<boolean>
  /** Create-if-absent from a finished local file, which is consumed (moved or uploaded and removed) either way. */
  createFromFile(path: string, localFile: string): Promise<boolean>
  /** Puts a finished local file, which is consumed, under the name at once, in place of what was there. For names of one writer only. */
  putFromFile(path: string, localFile: string): Promise<void>
  /** Replace-if-match: `etag` null means "must not exist". `false`: somebody else was faster. */
  replace(path: string, content: Uint8Array | string, etag: string | null): Promise<boolean>
  /** Idempotent: succeeds when `from` is gone and `to` exists. Never overwrites other content. Folders that it empties vanish, top-level ones stay. */
  move(from: string, to: string): Promise<void>
  /** No error when it is missing. */
  delete(path: string): Promise<void>
  /** Deletes a folder with all in it. No error when it is missing. */
  deleteFolder(path: string): Promise<void>
  /** Where local tools (DuckDB) read the object: a local path or a URL that they understand. */
  location(path: string): string
  /** A local folder for unfinished files on the same volume as the lake where it is local; the caller removes what it makes. */
  scratch(): Promise<string>
}

export class LakeNotFound extends Error {
  override readonly name = 'LakeNotFound'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} is not in the lake`, options)
    this.path = path
  }
}

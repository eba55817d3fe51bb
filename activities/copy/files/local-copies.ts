import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FileStore } from '../../../stores/file-store.ts'
import type { LocalFile } from './file-format.ts'
import type { SelectedFile } from './select-files.ts'
import { decodeText, isUtf8 } from './text-encoding.ts'
import { decompress, isUncompressed } from './compression.ts'

/**
 * Files of a store where DuckDB reads them: the files themselves where the store is of this machine and they are plain, else copies in its
 * scratch folder, unpacked and in UTF-8.
 */
export class LocalCopies {
  readonly #store: FileStore
  readonly #compression: string | null
  readonly #encoding: string | null
  readonly #made = new Map<string, LocalFile>()
  #folder: string | null = null

  constructor(
    store: FileStore,
    form: { readonly compression: string | null; readonly encoding: string | null },
  ) {
    this.#store = store
    this.#compression = isUncompressed(form.compression) ? null : form.compression
    this.#encoding = form.encoding !== null && isUtf8(form.encoding) ? null : form.encoding
  }

  async of(files: readonly SelectedFile[], signal: AbortSignal): Promise<LocalFile[]> {
    const result: LocalFile[] = []
    for (const selected of files) {
      signal.throwIfAborted()
      result.push(this.#made.get(selected.path) ?? (await this.#make(selected, signal)))
    }
    return result
  }

  async close(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
  }

  async #make(selected: SelectedFile, signal: AbortSignal): Promise<LocalFile> {
    const place = this.#store.localPath(selected.path)
    if (place !== null && this.#compression === null && this.#encoding === null)
      return { path: place, selected }
    this.#folder ??= join(await this.#store.scratch(), randomUUID())
    await mkdir(this.#folder, { recursive: true })
    const path = join(this.#folder, String(this.#made.size))
    const steps = [
      ...(this.#compression === null ? [] : [decompress(this.#compression)]),
      ...(this.#encoding === null ? [] : [decodeText(this.#encoding)]),
    ]
    await pipeline([await this.#store.read(selected.path), ...steps, createWriteStream(path)], { signal })
    const made = { path, selected }
    this.#made.set(selected.path, made)
    return made
  }
}

import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DefinitionError } from '../adf/errors.ts'
import { type Lake, LakeNotFound } from '../lake/lake.ts'
import { checkFolder, checkPath } from '../lake/path.ts'
import {
  type FileContent,
  type FileStore,
  StoredFileMissing,
  type StoredChild,
  type StoredFile,
} from './file-store.ts'

/** Files of a lake as a store: the installation's own, or folders that stand in for a storage account or a file server. */
export class LakeFiles implements FileStore {
  readonly kind = 'files'
  readonly #lake: Lake
  readonly #name: string

  /** `name` says in errors whose paths these are. */
  constructor(lake: Lake, name: string) {
    this.#lake = lake
    this.#name = name
  }

  async *list(folder: string, options: { readonly recursive: boolean }): AsyncIterable<StoredFile> {
    const place = this.#folder(folder)
    if (options.recursive) {
      for await (const { path, size, modified } of this.#lake.list(place)) yield { path, size, modified }
      return
    }
    for (const { name, type } of await this.#lake.children(place)) {
      if (type !== 'File') continue
      const found = await this.stat(place === '' ? name : `${place}/${name}`)
      if (found !== null) yield found
    }
  }

  async children(folder: string): Promise<StoredChild[]> {
    const children = await this.#lake.children(this.#folder(folder))
    return children.map(({ name, type }) => ({ name, type }))
  }

  async stat(path: string): Promise<StoredFile | null> {
    const found = await this.#lake.stat(this.#path(path))
    if (found === null) return null
    return {
      path: found.path,
      size: found.size,
      modified: found.modified,
      created: await this.#created(path),
    }
  }

  async read(path: string): Promise<Readable> {
    try {
      return await this.#lake.read(this.#path(path))
    } catch (error) {
      throw error instanceof LakeNotFound ? new StoredFileMissing(path, { cause: error }) : error
    }
  }

  async write(path: string, content: FileContent): Promise<{ readonly bytes: number }> {
    const place = this.#path(path)
    const file = join(await this.#lake.scratch(), randomUUID())
    const source = content instanceof Uint8Array ? Readable.from([content], { objectMode: false }) : content
    try {
      const target = createWriteStream(file, { flags: 'wx' })
      await pipeline(source, target)
      await this.#lake.putFromFile(place, file)
      return { bytes: target.bytesWritten }
    } finally {
      await rm(file, { force: true })
    }
  }

  async writeFromFile(path: string, localFile: string): Promise<void> {
    await this.#lake.putFromFile(this.#path(path), localFile)
  }

  async delete(path: string): Promise<void> {
    await this.#lake.delete(this.#path(path))
  }

  async deleteFolder(folder: string): Promise<void> {
    const place = this.#folder(folder)
    if (place === '') throw new DefinitionError(`${this.#name} itself is not deleted: name a folder in it`)
    await this.#lake.deleteFolder(place)
  }

  localPath(path: string): string | null {
    const location = this.#lake.location(this.#path(path))
    return /^[a-z][a-z0-9+.-]+:\/\//i.test(location) ? null : location
  }

  scratch(): Promise<string> {
    return this.#lake.scratch()
  }

  async #created(path: string): Promise<Date | null> {
    const local = this.localPath(path)
    const found = local === null ? null : await stat(local).catch(() => null)
    // File systems that keep no birth time give 1970.
    return found === null || found.birthtimeMs <= 0 ? null : found.birthtime
  }

  #path(path: string): string {
    return this.#checked(() => checkPath(path))
  }

  #folder(folder: string): string {
    return this.#checked(() => checkFolder(folder))
  }

  #checked(check: () => string): string {
    try {
      return check()
    } catch (cause) {
      const reason =
        cause instanceof Error ? cause.message.replace('a lake path', 'a path in a store') : String(cause)
      throw new DefinitionError(`${this.#name}: ${reason}`, { cause })
    }
  }
}

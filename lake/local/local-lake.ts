import { randomUUID } from 'node:crypto'
import { copyFile, link, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import {
  LakeNotFound,
  type Foreign,
  type Lake,
  type LakeContent,
  type LakeObject,
  type OpenObject,
} from '../lake.ts'
import { checkFolder } from '../path.ts'
import { errorCode, explainDiskError } from './disk-error.ts'
import { Folders, makeFolder, removeEmptyFolders } from './folders.ts'
import { childrenWithSizes, statObject, walk } from './listing.ts'
import { withLock } from './lock.ts'
import { exists, publish, sameContent, scratchOf, syncFolder, writeUnfinished } from './unfinished.ts'

export interface LocalLakeOptions {
  /** Folder of the lake; made when it is missing. */
  readonly root: string
  /** Folders elsewhere that stand for top-level folders of the lake: `{ inbox: '/mnt/drops' }`. */
  readonly mounts?: Readonly<Record<string, string>>
  /**
   * Flush each object and its folder to disk before it counts as created: also a power cut loses nothing then.
   * @default false (a killed process loses nothing either way)
   */
  readonly fsync?: boolean
  /**
   * Name of the folder for unfinished files at the top of the lake and of each mount. What lies in it for a day is removed: no folder of anyone else.
   * @default `_tmp`
   */
  readonly unfinished?: string
}

const defaultLimit = 64 * 2 ** 20

/** A lake of folders on disk. */
export class LocalLake implements Lake {
  private readonly folders: Folders
  private readonly fsync: boolean

  constructor(options: LocalLakeOptions) {
    this.folders = new Folders(options.root, options.mounts ?? {}, options.unfinished)
    this.fsync = options.fsync ?? false
  }

  list(folder: string, onForeign?: (found: Foreign) => void): AsyncIterable<LakeObject> {
    return walk(this.folders, checkFolder(folder), onForeign)
  }

  children(folder: string) {
    return childrenWithSizes(this.folders, checkFolder(folder))
  }

  stat(path: string): Promise<LakeObject | null> {
    return statObject(this.folders, path)
  }

  async read(path: string, range?: { start: number; end: number }): Promise<Readable> {
    const place = this.folders.file(path)
    try {
      const handle = await open(place, 'r')
      if (!(await handle.stat()).isFile()) {
        await handle.close()
        throw new LakeNotFound(path)
      }
      if (range === undefined) return handle.createReadStream({ highWaterMark: 1 << 18 })
      if (range.end <= range.start) {
        await handle.close()
        return Readable.from([])
      }
      return handle.createReadStream({ start: range.start, end: range.end - 1, highWaterMark: 1 << 18 })
    } catch (error) {
      throw missing(error) ? new LakeNotFound(path, { cause: error }) : explainDiskError(error, 'read', place)
    }
  }

  async open(path: string): Promise<OpenObject> {
    const place = this.folders.file(path)
    const explain = (error: unknown) =>
      missing(error) ? new LakeNotFound(path, { cause: error }) : explainDiskError(error, 'read', place)
    try {
      const handle = await open(place, 'r')
      return {
        async fill(target, position) {
          let done = 0
          try {
            for (let read = -1; read !== 0 && done < target.length; done += read)
              read = (await handle.read(target, done, target.length - done, position + done)).bytesRead
          } catch (error) {
            throw explain(error)
          }
          return done
        },
        close: () => handle.close(),
      }
    } catch (error) {
      throw explain(error)
    }
  }

  async readBytes(path: string, limit = defaultLimit): Promise<Buffer> {
    const place = this.folders.file(path)
    try {
      await using handle = await open(place, 'r')
      const found = await handle.stat()
      if (!found.isFile()) throw new LakeNotFound(path)
      if (found.size > limit)
        throw new RangeError(`${path} has ${found.size} bytes; at most ${limit} are read at once`)
      return await handle.readFile()
    } catch (error) {
      throw missing(error) ? new LakeNotFound(path, { cause: error }) : explainDiskError(error, 'read', place)
    }
  }

  async readText(path: string, limit?: number): Promise<string> {
    return (await this.readBytes(path, limit)).toString('utf8')
  }

  async create(path: string, content: LakeContent): Promise<boolean> {
    const target = this.folders.file(path)
    if (await exists(target)) {
      if (content instanceof Readable) content.destroy()
      return false
    }
    return this.publishOnce(await this.unfinished(path, content), path)
  }

  async createFromFile(path: string, localFile: string): Promise<boolean> {
    const target = this.folders.file(path)
    if (await exists(target)) {
      await removeFile(localFile)
      return false
    }
    if (this.fsync) await syncFile(localFile)
    try {
      return await this.publishOnce(localFile, path)
    } catch (error) {
      if (!crossesVolumes(error)) throw error
      const copy = await this.copyToVolumeOf(path, localFile)
      const created = await this.publishOnce(copy, path)
      await rm(localFile, { force: true })
      return created
    }
  }

  async putFromFile(path: string, localFile: string): Promise<void> {
    const target = this.folders.file(path)
    if (this.fsync) await syncFile(localFile)
    try {
      await makeFolder(dirname(target))
      try {
        await rename(localFile, target)
      } catch (error) {
        if (!crossesVolumes(error)) throw error
        await rename(await this.copyToVolumeOf(path, localFile), target)
        await rm(localFile, { force: true })
      }
      if (this.fsync) await syncFolder(dirname(target))
    } catch (error) {
      throw explainDiskError(error, 'write', target)
    }
  }

  async replace(path: string, content: Uint8Array | string, etag: string | null): Promise<boolean> {
    if (etag === null) return this.create(path, content)
    const target = this.folders.file(path)
    const scratch = await scratchOf(this.folders.volumeOf(path))
    if ((await this.stat(path))?.etag !== etag) return false
    const file = await this.unfinished(path, content)
    try {
      return await withLock(scratch, target, async () => {
        if ((await this.stat(path))?.etag !== etag) return false
        await rename(file, target)
        if (this.fsync) await syncFolder(dirname(target))
        return true
      })
    } finally {
      await rm(file, { force: true })
    }
  }

  async move(from: string, to: string): Promise<void> {
    const [source, target] = [this.folders.file(from), this.folders.file(to)]
    if (source === target) return
    if (!(await exists(source))) {
      if (!(await exists(target))) throw new LakeNotFound(from)
      return removeEmptyFolders(this.folders, from)
    }
    try {
      await makeFolder(dirname(target))
      await this.linkOrCopy(source, to)
    } catch (error) {
      // Somebody else moved it just now.
      if (missing(error) && (await exists(target))) return
      throw explainDiskError(error, 'move', `${from} to ${to}`)
    }
    await rm(source, { force: true })
    await removeEmptyFolders(this.folders, from)
  }

  async delete(path: string): Promise<void> {
    const place = this.folders.file(path)
    try {
      await rm(place, { force: true })
    } catch (error) {
      if (!missing(error)) throw explainDiskError(error, 'delete', place)
    }
  }

  async deleteFolder(path: string): Promise<void> {
    const folder = checkFolder(path)
    if (folder === '') throw new TypeError('The lake itself is not deleted: name a folder in it')
    const place = this.folders.folder(folder)
    try {
      await rm(place, { recursive: true, force: true, maxRetries: 3 })
    } catch (error) {
      throw explainDiskError(error, 'delete the folder', place)
    }
  }

  location(path: string): string {
    return this.folders.folder(path)
  }

  scratch(): Promise<string> {
    return scratchOf(this.folders.root)
  }

  private unfinished(path: string, content: LakeContent): Promise<string> {
    return writeUnfinished(this.folders.volumeOf(path), content, this.fsync)
  }

  /** Links a finished file to its name and removes it, whoever wins; keeps it when the volumes differ. */
  private async publishOnce(file: string, path: string): Promise<boolean> {
    const target = this.folders.file(path)
    const created = await publish(file, target, await scratchOf(this.folders.volumeOf(path)))
    await removeFile(file)
    if (created && this.fsync) await syncFolder(dirname(target))
    return created
  }

  private async linkOrCopy(source: string, to: string): Promise<void> {
    const target = this.folders.file(to)
    try {
      await link(source, target)
    } catch (error) {
      if (errorCode(error) === 'EEXIST') {
        if (await sameContent(source, target)) return
        throw new Error(`${to} holds other content already; move it away or choose another name`, {
          cause: error,
        })
      }
      if (missing(error)) throw error
      const copy = await this.copyToVolumeOf(to, source)
      if (!(await this.publishOnce(copy, to)) && !(await sameContent(source, target))) {
        throw new Error(`${to} holds other content already; move it away or choose another name`, {
          cause: error,
        })
      }
    }
  }

  private async copyToVolumeOf(path: string, file: string): Promise<string> {
    const copy = join(await scratchOf(this.folders.volumeOf(path)), randomUUID())
    try {
      await copyFile(file, copy)
      if (this.fsync) await syncFile(copy)
      return copy
    } catch (error) {
      await rm(copy, { force: true })
      throw explainDiskError(error, 'copy', `${file} to ${copy}`)
    }
  }
}

/** Four times as fast as `rm`, which looks first whether it is a folder. */
async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
}

function missing(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}

function crossesVolumes(error: unknown): boolean {
  return errorCode(error) === 'EXDEV'
}

async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r+')
  await handle.sync()
}

import { mkdir, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkFolder, checkPath } from '../path.ts'
import { errorCode, explainDiskError } from './disk-error.ts'

/** Default top folder of a volume that holds unfinished files; never listed. */
export const defaultUnfinished = '_tmp'

/** A folder on disk that holds part of the lake. Its unfinished files lie in it too, so that links to them need no other volume. */
export interface Volume {
  /** Lake path that is mounted here; '' is the root. */
  readonly mount: string
  readonly folder: string
  /** Name of the folder at its top for unfinished files. */
  readonly unfinished: string
}

/** Where lake paths lie on disk: the root, and other folders mounted over top-level names (`{ inbox: '/mnt/drops' }`). */
export class Folders {
  readonly root: Volume
  readonly mounts: readonly Volume[]

  constructor(root: string, mounts: Readonly<Record<string, string>>, unfinished = defaultUnfinished) {
    this.root = { mount: '', folder: resolve(root), unfinished }
    this.mounts = Object.entries(mounts).map(([mount, folder]) => ({
      mount: checkPath(mount),
      folder: resolve(folder),
      unfinished,
    }))
    const nested = this.mounts.find(({ mount }) => mount.includes('/') || mount === unfinished)
    if (nested !== undefined)
      throw new TypeError(`Only top-level folders can be mounted, "${nested.mount}" cannot`)
  }

  volumeOf(path: string): Volume {
    return this.mounts.find(({ mount }) => path === mount || path.startsWith(`${mount}/`)) ?? this.root
  }

  /** Place of an object on disk. */
  file(path: string): string {
    return this.place(checkPath(path))
  }

  /** Place of a folder on disk; '' is the root. */
  folder(path: string): string {
    return this.place(checkFolder(path))
  }

  private place(path: string): string {
    const volume = this.volumeOf(path)
    const rest = volume.mount === '' ? path : path.slice(volume.mount.length + 1)
    return join(volume.folder, ...rest.split('/'))
  }
}

const making = new Map<string, Promise<unknown>>()

/** Those who want the same folder at the same time wait for one of them to make it. */
export async function makeFolder(folder: string): Promise<void> {
  const work = making.get(folder) ?? mkdir(folder, { recursive: true })
  making.set(folder, work)
  try {
    await work
  } catch (error) {
    throw explainDiskError(error, 'make the folder', folder)
  } finally {
    making.delete(folder)
  }
}

/**
 * Removes the folders above a lake path that hold nothing any more, up to but not including the top-level one: an emptied drop must not
 * look like input. Never removes a file: the system refuses a folder that holds one.
 */
export async function removeEmptyFolders(folders: Folders, path: string): Promise<void> {
  const segments = path.split('/')
  for (let depth = segments.length - 1; depth > 1; depth--) {
    const place = folders.folder(segments.slice(0, depth).join('/'))
    try {
      await rmdir(place)
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) return
      if (errorCode(error) !== 'ENOENT') throw explainDiskError(error, 'remove the empty folder', place)
    }
  }
}

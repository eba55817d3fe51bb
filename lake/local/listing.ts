import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Foreign, LakeObject } from '../lake.ts'
import { isSegment } from '../path.ts'
import { errorCode, explainDiskError } from './disk-error.ts'
import type { Folders } from './folders.ts'

export function objectOf(path: string, found: BigIntStats): LakeObject {
  return {
    path,
    size: Number(found.size),
    modified: found.mtime,
    // A replaced file has another inode; one that is overwritten in place another time.
    etag: `${found.ino.toString(36)}-${found.mtimeNs.toString(36)}-${found.size.toString(36)}`,
  }
}

interface Child {
  readonly name: string
  readonly type: 'File' | 'Folder'
}

/** Children in the order of the paths below them: a folder sorts as `name/`. Symbolic links are not followed: they could lead out. */
export async function childrenOf(
  folders: Folders,
  folder: string,
  onForeign?: (found: Foreign) => void,
): Promise<Child[]> {
  const place = folders.folder(folder)
  const volume = folders.volumeOf(folder)
  const atTop = folder === volume.mount
  const found: Child[] = []
  for (const entry of await entriesOf(place)) {
    if (atTop && entry.name === volume.unfinished) continue
    const reason = await whyForeign(place, entry)
    if (reason !== null) {
      onForeign?.({ folder, name: entry.name, reason })
      continue
    }
    if (folder === '' && folders.mounts.some(({ mount }) => mount === entry.name)) continue
    if (entry.isFile()) found.push({ name: entry.name, type: 'File' })
    else found.push({ name: entry.name, type: 'Folder' })
  }
  if (folder === '')
    found.push(...folders.mounts.map(({ mount }): Child => ({ name: mount, type: 'Folder' })))
  return found.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

/** Stands where bytes of a name are no UTF-8, which is all that a path can be made of; a file may also be called so. */
const undecodable = '\ufffd'

/** Null: an object or a folder of the lake. */
async function whyForeign(place: string, entry: Dirent): Promise<string | null> {
  const { name } = entry
  if (name.includes('\\')) return 'has a backslash in its name'
  if (!isSegment(name)) return 'has a control character in its name'
  if (name.includes(undecodable) && (await lstat(join(place, name)).catch(() => null)) === null)
    return 'has a name that is not UTF-8'
  if (entry.isSymbolicLink()) return 'is a symbolic link'
  return entry.isFile() || entry.isDirectory() ? null : 'is a device, a pipe or a socket'
}

function sortKey(child: Child): string {
  return child.type === 'Folder' ? `${child.name}/` : child.name
}

async function entriesOf(place: string) {
  try {
    return await readdir(place, { withFileTypes: true })
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return []
    throw explainDiskError(error, 'list', place)
  }
}

/** Objects below a folder in path order. What is deleted meanwhile is left out. */
export async function* walk(
  folders: Folders,
  folder: string,
  onForeign?: (found: Foreign) => void,
): AsyncGenerator<LakeObject> {
  for (const child of await childrenOf(folders, folder, onForeign)) {
    const path = folder === '' ? child.name : `${folder}/${child.name}`
    if (child.type === 'Folder') {
      yield* walk(folders, path, onForeign)
    } else {
      const object = await statObject(folders, path)
      if (object !== null) yield object
    }
  }
}

export async function statObject(folders: Folders, path: string): Promise<LakeObject | null> {
  const place = folders.file(path)
  try {
    const found = await stat(place, { bigint: true })
    return found.isFile() ? objectOf(path, found) : null
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null
    throw explainDiskError(error, 'look at', place)
  }
}

/** Sizes are read only here: a walk over many files needs them once. */
export async function childrenWithSizes(folders: Folders, folder: string) {
  const place = folders.folder(folder)
  const found: { name: string; type: 'File' | 'Folder'; size: number }[] = []
  for (const child of await childrenOf(folders, folder)) {
    const size = child.type === 'File' ? await stat(join(place, child.name)).catch(() => null) : { size: 0 }
    if (size !== null) found.push({ ...child, size: size.size })
  }
  return found
}

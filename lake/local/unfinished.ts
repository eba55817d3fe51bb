import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { LakeContent } from '../lake.ts'
import { errorCode, explainDiskError } from './disk-error.ts'
import { makeFolder, type Volume } from './folders.ts'
import { withLock } from './lock.ts'

/** No file of a running attempt stays untouched for this long. */
const staleAfterMs = 24 * 3_600_000

const cleaned = new Map<string, Promise<void>>()

/** Folder for unfinished files of a volume. The first call of a process removes what crashed processes left there long ago. */
export async function scratchOf(volume: Volume): Promise<string> {
  const folder = join(volume.folder, volume.unfinished)
  const cleaning =
    cleaned.get(folder) ?? makeFolder(folder).then(() => removeStale(folder, Date.now() - staleAfterMs))
  cleaned.set(folder, cleaning)
  try {
    await cleaning
  } catch (error) {
    cleaned.delete(folder)
    throw error
  }
  return folder
}

/** Removes what was last written before `before` (ms); others may be removing it at the same time. */
export async function removeStale(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found !== null && found.mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}

/** Writes content to a new file of the volume's scratch folder and returns its place; nothing is left when it fails. */
export async function writeUnfinished(volume: Volume, content: LakeContent, sync: boolean): Promise<string> {
  const file = join(await scratchOf(volume), randomUUID())
  try {
    const handle = await openNew(file)
    try {
      await handle.writeFile(content)
      if (sync) await handle.sync()
    } finally {
      await handle.close()
    }
    return file
  } catch (error) {
    await rm(file, { force: true })
    throw explainDiskError(error, 'write', file)
  }
}

/** The scratch folder can vanish under a running process when somebody empties the lake by hand. */
async function openNew(file: string) {
  try {
    return await open(file, 'wx')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    await makeFolder(dirname(file))
    return open(file, 'wx')
  }
}

/**
 * Makes a finished file visible under its name, which must be free: a hard link, since that is the one operation of a file
 * system that is atomic and never overwrites. Returns false where the name is taken. Volumes without hard links (exFAT, some
 * shares) get a lock and a rename instead.
 */
export async function publish(file: string, target: string, scratch: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await link(file, target)
      return true
    } catch (error) {
      const code = errorCode(error)
      if (code === 'EEXIST') return false
      if (code === 'ENOENT' && attempt <= 3) {
        // A missing folder, or one that was deleted between the two calls.
        await makeFolder(dirname(target))
      } else if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'EMLINK') {
        return withLock(scratch, target, async () => {
          if (await exists(target)) return false
          const copy = join(scratch, randomUUID())
          await copyFile(file, copy)
          await rename(copy, target)
          return true
        })
      } else {
        throw explainDiskError(error, 'create', target)
      }
    }
  }
}

/** fsync of the folder: without it a power cut can lose the name, though never half of the content. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Windows cannot sync a folder; its rename is journaled.
    if (!['EPERM', 'EISDIR', 'EINVAL'].includes(errorCode(error))) throw error
  } finally {
    await handle.close()
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

/** Whether two files hold the same bytes. */
export async function sameContent(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one, { bigint: true }), stat(other, { bigint: true })])
  if (a.ino === b.ino && a.dev === b.dev) return true
  if (a.size !== b.size) return false
  const [left, right] = [chunksOf(one), chunksOf(other)]
  for (;;) {
    const [x, y] = await Promise.all([left.next(), right.next()])
    if (x.done === true || y.done === true) return x.done === y.done
    if (!x.value.equals(y.value)) return false
  }
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const step = 1 << 20
  let pending = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: step })) {
    pending = Buffer.concat([pending, chunk as Buffer])
    while (pending.length >= step) {
      yield pending.subarray(0, step)
      pending = pending.subarray(step)
    }
  }
  if (pending.length > 0) yield pending
}

import { createWriteStream } from 'node:fs'
import { mkdir, rename, truncate, utimes, writeFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** Writes one drop, file by file; it appears under its name when it is complete. */
export interface DropWriter {
  /** `path` inside the drop, with `/`. */
  add(path: string, bytes: Buffer): Promise<void>
  /** Size on disk in bytes. */
  close(): Promise<number>
}

/** Bytes of a ZIP that may wait to be written. */
const waitingLimit = 32 * 1024 * 1024

/** Entries carry this time, so that the same seed gives the same bytes. */
export async function openZip(file: string, time: Date): Promise<DropWriter> {
  await mkdir(dirname(file), { recursive: true })
  const zip = new ZipFile()
  const unfinished = `${file}.part`
  let waiting = 0
  let wake: (() => void) | null = null
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      waiting -= chunk.length
      wake?.()
      done(null, chunk)
    },
  })
  const written = pipeline(zip.outputStream, count, createWriteStream(unfinished))
  return {
    // Pictures and heights hardly shrink: they are stored, so what waits in memory is known and bounded.
    add: async (path, bytes) => {
      const isStored = !path.endsWith('.yaml')
      zip.addBuffer(bytes, path, { mtime: time, forceDosTimestamp: true, compress: !isStored })
      if (isStored) waiting += bytes.length
      while (waiting > waitingLimit) await new Promise<void>((resolve) => (wake = resolve))
    },
    close: async () => {
      zip.end()
      await written
      await rename(unfinished, file)
      return (await stat(file)).size
    },
  }
}

/** Files carry this time, like the entries of a ZIP. */
export async function openFolder(folder: string, time: Date): Promise<DropWriter> {
  let total = 0
  return {
    add: async (path, bytes) => {
      const target = join(folder, path)
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, bytes)
      await utimes(target, time, time)
      total += bytes.length
    },
    close: async () => total,
  }
}

/** Cuts a finished ZIP: its directory is gone, as after a broken transfer. */
export async function truncateZip(file: string, share: number): Promise<void> {
  await truncate(file, Math.floor((await stat(file)).size * share))
}

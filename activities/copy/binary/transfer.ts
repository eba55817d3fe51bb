import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform, type Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type FileStore, StoredFileMissing } from '../../../stores/file-store.ts'
import type { WholeCompression } from './binary-form.ts'
import type { FilePair } from './copy-files.ts'

/** A copy that does not hold what its source holds. */
export class Inconsistent extends Error {
  override readonly name = 'Inconsistent'
}

export interface Transfer {
  readonly from: FileStore
  readonly to: FileStore
  readonly pair: FilePair
  readonly forms: { readonly read: WholeCompression | null; readonly write: WholeCompression | null }
  /** Read both again and compare their sizes and SHA-256. */
  readonly verify: boolean
  /** An earlier attempt may have copied it. */
  readonly repeated: boolean
  readonly signal: AbortSignal
}

/** Copies one file; gives the bytes that were read and written. */
export async function transfer(
  input: Transfer,
): Promise<{ readonly read: number; readonly written: number }> {
  const { from, to, pair, forms, verify, repeated } = input
  const { source, target } = pair
  const plain = forms.read === null && forms.write === null
  if (repeated && plain && (await isCopied(input))) {
    const bytes = source.size ?? 0
    return { read: bytes, written: bytes }
  }
  const local = plain ? from.localPath(source.path) : null
  const toLocal = to.localPath(target)
  const moved = local !== null && toLocal !== null ? await copyLocal(input, local) : await stream(input)
  if (verify && plain) {
    const [one, other] = [
      await digest(from, source.path, input.signal),
      await digest(to, target, input.signal),
    ]
    if (one.bytes !== other.bytes || one.sha256 !== other.sha256) {
      await to.delete(target)
      throw new Inconsistent(
        `the copy ${target} has ${other.bytes} bytes with SHA-256 ${other.sha256}, the source ${one.bytes} with ${one.sha256}`,
      )
    }
  }
  return moved
}

/** The kernel copies, or shares blocks where the file system can; nothing passes through this process. */
async function copyLocal({ to, pair }: Transfer, source: string): Promise<{ read: number; written: number }> {
  const file = join(await to.scratch(), randomUUID())
  try {
    // Without EXCL libuv truncates the new file first, and ext4 then flushes it when it is closed.
    await copyFile(source, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const { size } = await stat(file)
    await to.writeFromFile(pair.target, file)
    return { read: size, written: size }
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const lost = gone && (await stat(source).catch(() => null)) === null
    if (lost) throw new StoredFileMissing(pair.source.path, { cause: error })
    throw error
  } finally {
    await rm(file, { force: true })
  }
}

async function stream({
  from,
  to,
  pair,
  forms,
  signal,
}: Transfer): Promise<{ read: number; written: number }> {
  let read = 0
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      read += chunk.length
      done(null, chunk)
    },
  })
  const steps: Duplex[] = [
    counted,
    ...(forms.read === null ? [] : [forms.read.read()]),
    ...(forms.write === null ? [] : [forms.write.write()]),
  ]
  const { bytes } = await to.write(pair.target, piped(await from.read(pair.source.path), steps, signal))
  return { read, written: bytes }
}

/** A stream through steps, whose failure is the failure of the last. */
export function piped(source: Readable, steps: readonly Duplex[], signal: AbortSignal): Readable {
  const last = steps.at(-1)
  if (last === undefined) return source
  pipeline([source, ...steps], { signal }).catch((error: unknown) => {
    last.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  return last
}

async function isCopied({ from, to, pair, signal }: Transfer): Promise<boolean> {
  const there = await to.stat(pair.target)
  if (there === null || there.size === null || there.size !== pair.source.size) return false
  const [one, other] = [await digest(from, pair.source.path, signal), await digest(to, pair.target, signal)]
  return one.bytes === other.bytes && one.sha256 === other.sha256
}

/** Size and SHA-256 of what a store gives for a path. */
export async function digest(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const place = store.localPath(path)
  const source = place === null ? await store.read(path) : createReadStream(place, { highWaterMark: 1 << 20 })
  for await (const chunk of source) {
    signal.throwIfAborted()
    const part = chunk as Uint8Array
    hash.update(part)
    bytes += part.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

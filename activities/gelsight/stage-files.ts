import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DataError } from '../../formats/data-error.ts'
import { readPieces, type Fill } from '../../formats/bytes/pieces.ts'
import { fileKind } from '../../formats/gelsight/file-name.ts'
import { pngHeaderBytes, pngTrailer, readPngHeader } from '../../formats/png/png-header.ts'
import { readTmdHeader, tmdHeaderLimit } from '../../formats/tmd/tmd-header.ts'
import { measureTmd } from '../../formats/tmd/tmd-statistics.ts'
import type { Lake } from '../../lake/lake.ts'
import { explainDiskError } from '../../lake/local/disk-error.ts'
import type { ImageFacts, TmdFacts } from './bronze-objects.ts'
import type { SourceFile } from './batch-files.ts'
import type { OpenSource } from './open-source.ts'

/** Largest YAML file that is read, in bytes. */
export const yamlBytes = 16 * 2 ** 20

/** Files of a scan that are read and written at the same time. */
const atOnce = 4

/** A file of a scan on local disk, with what was learnt while it was copied. */
export interface StagedFile {
  readonly path: string
  readonly local: string
  readonly sha256: string
  readonly bytes: number
  readonly modified: string
  readonly image: ImageFacts | null
  readonly tmd: TmdFacts | null
}

/** Files of one scan, unpacked to the lake's scratch folder before it is known where they belong. */
export class Staging {
  readonly files: StagedFile[] = []
  private readonly lake: Lake

  constructor(lake: Lake) {
    this.lake = lake
  }

  /**
   * Stages files in their order, several at once: while one is hashed, others are read and written. Throws what the first of those that
   * fail gives, when all have ended.
   */
  async addAll(files: readonly SourceFile[], source: OpenSource, signal: AbortSignal): Promise<void> {
    const left = files.entries()
    const staged: StagedFile[] = []
    const failures: { readonly index: number; readonly error: unknown }[] = []
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const [index, file] of left) {
          try {
            staged[index] = await this.stage(file, source, signal)
          } catch (error) {
            failures.push({ index, error })
          }
          if (failures.length > 0) return
        }
      }),
    )
    this.files.push(...staged.filter((file) => file !== undefined))
    const [first] = failures.sort((a, b) => a.index - b.index)
    if (first !== undefined) throw first.error
  }

  async add(file: SourceFile, source: OpenSource, signal: AbortSignal): Promise<void> {
    this.files.push(await this.stage(file, source, signal))
  }

  /** Streams one file, hashing it on its way. */
  private async stage(file: SourceFile, source: OpenSource, signal: AbortSignal): Promise<StagedFile> {
    const local = join(await this.lake.scratch(), `scan-${randomUUID()}`)
    const hash = createHash('sha256')
    let bytes = 0
    let head: Buffer = Buffer.alloc(0)
    let tail: Buffer = Buffer.alloc(0)
    try {
      await using handle = await open(local, 'wx')
      for await (const chunk of source.pieces(file)) {
        signal.throwIfAborted()
        hash.update(chunk)
        bytes += chunk.length
        // A copy: the chunk's bytes are overwritten by the next one.
        if (head.length < tmdHeaderLimit)
          head = Buffer.concat([head, chunk.subarray(0, tmdHeaderLimit - head.length)])
        tail = lastBytes(tail, chunk)
        await handle.write(chunk)
      }
    } catch (error) {
      await rm(local, { force: true })
      throw explainDiskError(error, 'write', local)
    }
    const kind = fileKind(file.path)
    return {
      path: file.path,
      local,
      sha256: hash.digest('hex'),
      bytes,
      modified: file.modified,
      image: kind === 'image' ? imageFacts(file.path, head, tail) : null,
      tmd: kind === 'heightmap' ? await tmdFacts(local, head, bytes) : null,
    }
  }

  /** Bytes of a YAML file. Throws a DataError where there are too many to be held. */
  async read(file: StagedFile): Promise<Buffer> {
    if (file.bytes > yamlBytes)
      throw new DataError(`${file.path} has ${file.bytes} bytes; at most ${yamlBytes} are read`)
    return readFile(file.local)
  }

  /** Removes what was not moved into the lake. */
  async discard(): Promise<void> {
    for (const file of this.files) await rm(file.local, { force: true })
  }
}

function lastBytes(before: Buffer, chunk: Buffer): Buffer {
  const length = pngTrailer.length
  return chunk.length >= length
    ? Buffer.from(chunk.subarray(-length))
    : Buffer.concat([before, chunk]).subarray(-length)
}

function imageFacts(path: string, head: Buffer, tail: Buffer): ImageFacts {
  const unread = { width: null, height: null, bit_depth: null, is_complete: null }
  if (!path.toLowerCase().endsWith('.png')) return { ...unread, problem: null }
  try {
    const { width, height, bitDepth } = readPngHeader(head.subarray(0, pngHeaderBytes))
    return { width, height, bit_depth: bitDepth, is_complete: tail.equals(pngTrailer), problem: null }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return { ...unread, problem: error.message }
  }
}

async function tmdFacts(local: string, head: Buffer, bytes: number): Promise<TmdFacts> {
  try {
    const header = readTmdHeader(head)
    await using handle = await open(local)
    const fill: Fill = async (target, position) =>
      (await handle.read(target, 0, target.length, position)).bytesRead
    const found = await measureTmd(async () => readPieces(fill, header.dataStart, bytes))
    return {
      columns: inInt(header.columns),
      rows: inInt(header.rows),
      length_x_mm: header.lengthX,
      length_y_mm: header.lengthY,
      is_complete: bytes === header.fileBytes,
      min_mm: found.min,
      max_mm: found.max,
      mean_mm: found.mean,
      sa_mm: found.sa,
      sq_mm: found.sq,
      nodata_share: found.noDataShare,
      problem:
        bytes === header.fileBytes
          ? null
          : `has ${bytes} bytes; its header says ${header.columns} x ${header.rows} heights, which are ${header.fileBytes}`,
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return { ...noTmd, problem: error.message }
  }
}

const noTmd = {
  columns: null,
  rows: null,
  length_x_mm: null,
  length_y_mm: null,
  is_complete: false,
  min_mm: null,
  max_mm: null,
  mean_mm: null,
  sa_mm: null,
  sq_mm: null,
  nodata_share: null,
}

/** A hostile header may claim more than the table's column holds. */
function inInt(value: number): number | null {
  return value <= 0x7fffffff ? value : null
}

import { pipeline, Transform, type Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl'
import { DataError } from '../data-error.ts'
import type { Fill } from '../bytes/pieces.ts'
import type { ByteSource } from './byte-source.ts'
import { readAttributes, readEntryName } from './entry-name.ts'
import { isReadInPieces, readEntryPieces } from './read-entry.ts'
import { SourceReader } from './source-reader.ts'

/** One entry of the directory: all that is needed to read it later without reading the directory again. */
export interface ZipEntry {
  /** Safe path inside the archive; as written where there is a problem. */
  readonly path: string
  readonly isFolder: boolean
  /** Why the entry cannot be taken; null: it can. */
  readonly problem: string | null
  /** The name points out of the archive. */
  readonly escapes: boolean
  /** Bytes when unpacked. */
  readonly size: number
  readonly packedSize: number
  /** Where its local header starts. */
  readonly offset: number
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc: number
  /** ISO 8601; ZIPs of Windows carry local time, which is taken for UTC here. */
  readonly modified: string
}

export interface ZipLimits {
  /** Most entries. @default 500,000 */
  readonly entries: number
  /** Largest entry in bytes. @default 8 GiB */
  readonly entryBytes: number
  /** Most bytes of all entries, as a multiple of the archive's, beyond 1 GiB. @default 250 */
  readonly ratio: number
  /** Most bytes of all entries, whatever the archive's size. @default 1 TiB */
  readonly totalBytes: number
  /** Most bytes of all names. @default 64 MiB */
  readonly nameBytes: number
}

const defaults: ZipLimits = {
  entries: 500_000,
  entryBytes: 8 * 2 ** 30,
  ratio: 250,
  totalBytes: 2 ** 40,
  nameBytes: 64 * 2 ** 20,
}
const freeBytes = 2 ** 30

/** Reads a ZIP by ranges: its directory first, then entries in any order. Memory does not grow with the archive. */
export class ZipReader {
  private readonly zip: ZipFile
  private readonly reader: SourceReader
  private readonly source: ByteSource
  private readonly name: string
  private readonly limits: ZipLimits

  private constructor(
    zip: ZipFile,
    reader: SourceReader,
    source: ByteSource,
    name: string,
    limits: ZipLimits,
  ) {
    this.zip = zip
    this.reader = reader
    this.source = source
    this.name = name
    this.limits = limits
  }

  /** Throws a DataError where the source is no ZIP, is truncated or beyond the limits. */
  static async open(source: ByteSource, name: string, limits: Partial<ZipLimits> = {}): Promise<ZipReader> {
    const reader = new SourceReader(source)
    const allowed = { ...defaults, ...limits }
    try {
      // Names are decoded here: the library would give up at the first hostile one.
      const zip = await fromRandomAccessReaderPromise(reader, source.size, {
        decodeStrings: false,
        autoClose: false,
      })
      if (zip.entryCount > allowed.entries)
        throw new DataError(`${name} claims ${zip.entryCount} entries; at most ${allowed.entries} are read`)
      return new ZipReader(zip, reader, source, name, allowed)
    } catch (error) {
      throw asDataError(error, reader, name)
    }
  }

  /** The directory, in its own order. May be read once. Throws a DataError where it is damaged or promises a bomb. */
  async *entries(): AsyncGenerator<ZipEntry> {
    let [total, packed, names] = [0, 0, 0]
    try {
      for await (const entry of this.zip.eachEntry()) {
        total += entry.uncompressedSize
        packed += entry.compressedSize
        names += entry.fileNameLength
        if (packed > this.source.size)
          throw new DataError(
            `${this.name} has ${this.source.size} bytes, its entries claim more: they overlap, as in a ZIP bomb`,
          )
        if (names > this.limits.nameBytes)
          throw new DataError(
            `${this.name} has names of more than ${this.limits.nameBytes} bytes in all, which is what is read`,
          )
        const most = freeBytes + this.limits.ratio * this.source.size
        if (total > most) {
          throw new DataError(
            `${this.name} unpacks to more than ${most} bytes, ${this.limits.ratio} times its size and 1 GiB: a ZIP bomb`,
          )
        }
        if (total > this.limits.totalBytes) {
          throw new DataError(
            `${this.name} unpacks to more than ${this.limits.totalBytes} bytes, which is the most that a ZIP may hold`,
          )
        }
        yield this.describe(entry)
      }
    } catch (error) {
      throw asDataError(error, this.reader, this.name)
    }
  }

  /**
   * Streams an entry and checks its length and checksum; throws a DataError where they do not fit. A chunk is valid until the next one is
   * asked for.
   */
  async *read(entry: ZipEntry): AsyncGenerator<Buffer> {
    if (entry.problem !== null) throw new DataError(`${this.name}: ${entry.path} ${entry.problem}`)
    const { fill } = this.source
    if (fill !== undefined && isReadInPieces(entry)) yield* this.pieces(entry, fill)
    else yield* this.stream(entry)
  }

  private async *pieces(entry: ZipEntry, fill: Fill): AsyncGenerator<Buffer> {
    const check = this.checkOf(entry)
    try {
      for await (const piece of readEntryPieces(fill, this.source.size, entry)) {
        check.add(piece)
        yield piece
      }
      check.end()
    } catch (error) {
      throw this.asDamage(entry, error)
    }
  }

  private async *stream(entry: ZipEntry): AsyncGenerator<Buffer> {
    const packed = await this.packed(entry)
    const check = this.checker(entry)
    const settle = () => undefined
    if (entry.method === 8) pipeline(packed, createInflateRaw(), check, settle)
    else pipeline(packed, check, settle)
    try {
      for await (const chunk of check) yield chunk as Buffer
    } catch (error) {
      throw this.asDamage(entry, error)
    }
  }

  /** What the unpacked bytes show is said of the entry; anything else is the outside world. */
  private asDamage(entry: ZipEntry, error: unknown): unknown {
    if (!(error instanceof DataError) && !isZlibError(error)) return error
    return new DataError(`${this.name}: ${entry.path} is damaged: ${error.message}`, { cause: error })
  }

  close(): void {
    this.zip.close()
  }

  private async packed(entry: ZipEntry): Promise<Readable> {
    const facts = Object.assign(new Entry(), {
      relativeOffsetOfLocalHeader: entry.offset,
      compressedSize: entry.packedSize,
    })
    try {
      const { fileDataStart } = await this.zip.readLocalFileHeaderPromise(facts, { minimal: true })
      return await this.source.read(fileDataStart, fileDataStart + entry.packedSize)
    } catch (error) {
      throw asDataError(error, this.reader, `${this.name}: ${entry.path}`)
    }
  }

  /** Compares length and checksum with the directory. */
  private checkOf(entry: ZipEntry) {
    let [size, crc] = [0, 0]
    return {
      add(chunk: Buffer): void {
        size += chunk.length
        crc = crc32(chunk, crc)
        if (size > entry.size)
          throw new DataError(`it unpacks to more than the ${entry.size} bytes of the directory`)
      },
      end(): void {
        if (size !== entry.size) throw new DataError(`it has ${size} bytes, its directory says ${entry.size}`)
        if (crc !== entry.crc) throw new DataError('its checksum does not fit')
      },
    }
  }

  private checker(entry: ZipEntry): Transform {
    const check = this.checkOf(entry)
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => settle(done, () => (check.add(chunk), chunk)),
      flush: (done) => settle(done, () => check.end()),
    })
  }

  private describe(entry: Entry): ZipEntry {
    const name = readEntryName(entry.fileNameRaw, entry.generalPurposeBitFlag, entry.extraFieldRaw)
    const size = entry.uncompressedSize
    return {
      ...name,
      problem: name.problem ?? (name.isFolder ? null : (readAttributes(entry) ?? this.tooLarge(entry))),
      size,
      packedSize: entry.compressedSize,
      offset: entry.relativeOffsetOfLocalHeader,
      method: entry.compressionMethod,
      crc: entry.crc32,
      modified: readModified(entry),
    }
  }

  private tooLarge(entry: Entry): string | null {
    if (entry.uncompressedSize <= this.limits.entryBytes) return null
    return `unpacks to ${entry.uncompressedSize} bytes; at most ${this.limits.entryBytes} are allowed`
  }
}

function settle<T>(done: (error: Error | null, result?: T) => void, work: () => T): void {
  let result: T
  try {
    result = work()
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
    return
  }
  done(null, result)
}

/** Some tools write month 0. */
function readModified(entry: Entry): string {
  const date = entry.getLastModDate({ timezone: 'UTC' })
  return Number.isFinite(date.getTime()) ? date.toISOString() : '1980-01-01T00:00:00.000Z'
}

function isZlibError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  )
}

/** The library's errors have no type of their own: whatever the source did not cause is the archive's fault. */
function asDataError(error: unknown, reader: SourceReader, name: string): unknown {
  if (reader.failure !== null) return reader.failure
  if (error instanceof DataError || !(error instanceof Error)) return error
  return new DataError(`${name} is no readable ZIP: ${error.message}`, { cause: error })
}

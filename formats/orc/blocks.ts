import { inflateRawSync, zstdDecompressSync } from 'node:zlib'
import { snappyUncompress } from 'hysnappy'
import { DataError } from '../data-error.ts'
import { unpackLz4 } from './lz4.ts'

/** Yields the bytes of a stream, or of a part of the file's tail, block by block. */
export type Unpack = (packed: Buffer) => Iterable<Buffer>

/** Larger blocks than any writer makes; a claim beyond it is a trap. */
const largestBlock = 1 << 26

type Codec = ((packed: Buffer, limit: number) => Buffer) | null

/** By the number of the specification's CompressionKind. */
const codecs: Readonly<Record<number, readonly [name: string, codec: Codec]>> = {
  0: ['NONE', null],
  1: ['ZLIB', (packed, limit) => inflateRawSync(packed, { maxOutputLength: limit })],
  2: ['SNAPPY', unpackSnappy],
  3: ['LZO', null],
  4: ['LZ4', unpackLz4],
  5: ['ZSTD', (packed, limit) => zstdDecompressSync(packed, { maxOutputLength: limit })],
  6: ['BROTLI', null],
}

/** How a file's parts are unpacked. Throws a DataError where its compression is not read here. */
export function unpackerOf(kind: number, blockSize: number): Unpack {
  if (kind === 0) return (packed) => (packed.length === 0 ? [] : [packed])
  const [name, codec] = codecs[kind] ?? [`number ${kind}`, null]
  if (codec === null)
    throw new DataError(
      `its compression is ${name}; ORC is read with NONE, ZLIB, SNAPPY, LZ4 and ZSTD: write it with one of them`,
    )
  if (blockSize < 1 || blockSize > largestBlock)
    throw new DataError(`its compression blocks have ${blockSize} bytes; allowed are 1 to ${largestBlock}`)
  return (packed) => unpackAll(packed, name, codec, blockSize)
}

/** Three bytes stand before each block: its length times two, plus one where it is not packed. */
function* unpackAll(
  packed: Buffer,
  name: string,
  codec: NonNullable<Codec>,
  limit: number,
): Generator<Buffer> {
  for (let at = 0; at < packed.length;) {
    if (at + 3 > packed.length) throw new DataError('a compression block of it has no header')
    const header = packed.readUIntLE(at, 3)
    const start = at + 3
    const end = start + (header >>> 1)
    if (end > packed.length) throw new DataError('a compression block of it is cut')
    const block = packed.subarray(start, end)
    if ((header & 1) === 1) yield block
    else {
      try {
        yield codec(block, limit)
      } catch (cause) {
        if (cause instanceof DataError) throw cause
        throw new DataError(`a block of it is no ${name} data`, { cause })
      }
    }
    at = end
  }
}

/** The unpacked length stands first, seven bits a byte, low ones first. */
function unpackSnappy(packed: Buffer, limit: number): Buffer {
  let length = 0
  for (const [index, byte] of packed.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte >= 0x80) continue
    if (length > limit) break
    return Buffer.from(snappyUncompress(packed, length))
  }
  throw new DataError('a block of it is no SNAPPY data')
}

import { crc32 } from 'node:zlib'
import { DataError } from '../data-error.ts'

export interface PngHeader {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Bits a sample. */
  readonly bitDepth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colorType: number
}

/** Bytes from the start that `readPngHeader` needs: signature and the IHDR chunk. */
export const pngHeaderBytes = 33

/** Bytes at the end of every complete PNG. */
export const pngTrailer = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Reads size and depth from the first bytes of a PNG. Throws a DataError that says what is wrong with them. */
export function readPngHeader(start: Uint8Array): PngHeader {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  if (bytes.length < pngHeaderBytes)
    throw new DataError(`PNG ends after ${bytes.length} bytes, within its header`)
  if (!bytes.subarray(0, 8).equals(signature))
    throw new DataError(
      `is no PNG: it starts with ${bytes.toString('hex', 0, 8)}, not ${signature.toString('hex')}`,
    )
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.readUInt32BE(8) !== 13)
    throw new DataError('PNG does not start with an IHDR chunk of 13 bytes')
  if (bytes.readUInt32BE(29) !== crc32(bytes.subarray(12, 29)))
    throw new DataError('PNG header is damaged: its checksum does not fit')
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff)
    throw new DataError(`PNG claims ${width} x ${height} pixels; both must be from 1 to 2147483647`)
  return { width, height, bitDepth: bytes.readUInt8(24), colorType: bytes.readUInt8(25) }
}

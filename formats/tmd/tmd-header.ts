import { DataError } from '../data-error.ts'

/** Header of a TrueMap height map. Lengths in millimetres. */
export interface TmdHeader {
  readonly comment: string
  readonly columns: number
  readonly rows: number
  readonly lengthX: number
  readonly lengthY: number
  readonly offsetX: number
  readonly offsetY: number
  /** Where the heights start. */
  readonly dataStart: number
  /** What the whole file must have. */
  readonly fileBytes: number
}

const magic = Buffer.from('Binary TrueMap Data File v2.0\r\n\0', 'latin1')
const commentLimit = 4096

/** Bytes from the start within which the header ends. */
export const tmdHeaderLimit = magic.length + commentLimit + 24

/** Little-endian: 32 bytes of magic, a comment that ends in NUL, columns, rows (uint32), lengths and offsets (float32), then heights. */
export function readTmdHeader(start: Uint8Array): TmdHeader {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  if (bytes.length < magic.length)
    throw new DataError(`TMD ends after ${bytes.length} bytes, within its header`)
  if (!bytes.subarray(0, magic.length).equals(magic)) {
    const found = JSON.stringify(bytes.toString('latin1', 0, magic.length))
    throw new DataError(`is no TMD of version 2.0: it starts with ${found}`)
  }
  const commentEnd = bytes.indexOf(0, magic.length)
  if (commentEnd < 0 || commentEnd > magic.length + commentLimit)
    throw new DataError(`TMD comment does not end within ${commentLimit} bytes`)
  const at = commentEnd + 1
  if (bytes.length < at + 24) throw new DataError(`TMD ends after ${bytes.length} bytes, within its header`)
  const [columns, rows] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
  if (columns === 0 || rows === 0)
    throw new DataError(`TMD claims ${columns} x ${rows} heights; both must be above 0`)
  const lengths = [8, 12, 16, 20].map((step) => bytes.readFloatLE(at + step))
  const [lengthX = 0, lengthY = 0, offsetX = 0, offsetY = 0] = lengths
  if (!lengths.every(Number.isFinite))
    throw new DataError(`TMD claims lengths and offsets ${lengths.join(', ')}; all must be finite`)
  return {
    comment: bytes.toString('latin1', magic.length, commentEnd),
    columns,
    rows,
    lengthX,
    lengthY,
    offsetX,
    offsetY,
    dataStart: at + 24,
    // Up to 7e19 for hostile counts: a double holds it well enough to differ from any real size.
    fileBytes: at + 24 + columns * rows * 4,
  }
}

import { inflateRawSync } from 'node:zlib'
import { type Fill, givePiece, pieceBytes, readPieces, takePiece } from '../bytes/pieces.ts'
import { DataError } from '../data-error.ts'

/** Where an entry lies and how it is packed. */
interface EntryPlace {
  readonly size: number
  readonly packedSize: number
  /** Where its local header starts. */
  readonly offset: number
  readonly method: number
}

const signature = 0x04034b50
const headerBytes = 30
/** Most headers with their name and extra fields are shorter: then one read brings them with the first bytes of the content. */
const usualHeader = 512

/** Whether an entry needs no stream: it is stored, or so small that it is inflated at once. */
export function isReadInPieces({ method, size, packedSize }: EntryPlace): boolean {
  return method === 0 || (size <= pieceBytes && packedSize <= pieceBytes - usualHeader)
}

/**
 * The unpacked bytes of an entry, neither its length nor its checksum compared. A piece is valid until the next one is asked for. Throws a
 * DataError without a name where the archive is damaged; what `fill` throws is the outside world.
 */
export async function* readEntryPieces(
  fill: Fill,
  sourceSize: number,
  entry: EntryPlace,
): AsyncGenerator<Buffer> {
  const piece = takePiece()
  try {
    const wanted = piece.subarray(0, Math.min(pieceBytes, usualHeader + entry.packedSize))
    const found = await fill(wanted, entry.offset)
    const start = contentStart(wanted.subarray(0, found))
    const end = entry.offset + start + entry.packedSize
    if (end > sourceSize) throw new DataError('its bytes would lie behind the end of the archive')
    const first = wanted.subarray(Math.min(start, found), Math.min(start + entry.packedSize, found))
    if (entry.method === 0) {
      if (first.length > 0) yield first
      yield* readPieces(fill, entry.offset + start + first.length, end)
    } else {
      yield inflate(
        first.length < entry.packedSize ? await readWhole(fill, entry.offset + start, end) : first,
        entry.size,
      )
    }
  } finally {
    givePiece(piece)
  }
}

function contentStart(header: Buffer): number {
  if (header.length < headerBytes) throw new DataError('the archive ends within its header')
  const found = header.readUInt32LE(0)
  if (found !== signature)
    throw new DataError(`its header begins with 0x${found.toString(16)}, not 0x${signature.toString(16)}`)
  return headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28)
}

async function readWhole(fill: Fill, start: number, end: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of readPieces(fill, start, end)) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

/** One byte more than it should have is enough to see that it is too long. */
function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: size + 1 })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new DataError(`it unpacks to more than the ${size} bytes of the directory`, { cause: error })
    throw error
  }
}

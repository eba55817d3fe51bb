import { DataError } from '../data-error.ts'
import { type Unpack, unpackerOf } from './blocks.ts'
import { type OrcType, typeTree } from './types.ts'
import { Message } from './protobuf.ts'

/** Reads bytes [start, end) of the file. */
export type ReadBytes = (start: number, end: number) => Promise<Buffer>

export interface Stripe {
  readonly start: number
  readonly dataStart: number
  readonly footerStart: number
  readonly end: number
  readonly rows: number
}

export interface FileTail {
  readonly root: OrcType
  readonly stripes: readonly Stripe[]
  readonly unpack: Unpack
}

/** What a file says of itself at its end. Throws a DataError where it is no ORC file, or of a kind that is not read here. */
export async function readTail(read: ReadBytes, size: number): Promise<FileTail> {
  if (size < 4) throw new DataError('it is no ORC file: it is shorter than any')
  // The postscript has at most 255 bytes, and its length is the last byte of the file.
  const end = await read(Math.max(0, size - 256), size)
  const length = end.at(-1) ?? 0
  const postscript = end.subarray(Math.max(0, end.length - 1 - length), -1)
  if (length >= end.length || !postscript.subarray(-3).equals(Buffer.from('ORC')))
    throw new DataError('it is no ORC file, or it is cut: its last bytes are no postscript')
  const described = new Message(postscript)
  const footerLength = described.number(1)
  const footerEnd = size - 1 - length
  if (footerLength > footerEnd) throw new DataError('its footer is longer than the file')
  const unpack = unpackerOf(described.number(2), described.number(3, 1 << 18))
  const footer = unpackMessage(await read(footerEnd - footerLength, footerEnd), unpack)
  if (footer.has(10)) throw new DataError('its columns are encrypted; write it without encryption')
  const stripes = footer.messages(3).map(stripeOf)
  for (const stripe of stripes)
    if (stripe.end > footerEnd - footerLength)
      throw new DataError(`a stripe of it ends at byte ${stripe.end}, beyond the data`)
  const rows = stripes.reduce((sum, stripe) => sum + stripe.rows, 0)
  if (rows !== footer.number(6))
    throw new DataError(`it claims ${footer.number(6)} rows, and its stripes ${rows}`)
  return { root: typeTree(footer.messages(4)), stripes, unpack }
}

/** A description that is packed as the file's streams are. */
export function unpackMessage(packed: Buffer, unpack: Unpack): Message {
  return new Message(Buffer.concat([...unpack(packed)]))
}

function stripeOf(described: Message): Stripe {
  const start = described.number(1)
  const dataStart = start + described.number(2)
  const footerStart = dataStart + described.number(3)
  return { start, dataStart, footerStart, end: footerStart + described.number(4), rows: described.number(5) }
}

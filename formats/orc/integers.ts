import { DataError } from '../data-error.ts'
import type { ByteStream } from './byte-stream.ts'

/** A whole number: a bigint only where a number would lose digits. */
export type Whole = number | bigint

/** Reads whole numbers one after the other, whichever way they are encoded. */
export interface IntegerReader {
  next(): Whole
}

export function whole(value: bigint): Whole {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Base 128, low bits first; bytes beyond 64 bits belong to decimals. */
export function unsignedVarint(stream: ByteStream, longest = 10): bigint {
  let small = 0
  for (let index = 0; index < 7; index++) {
    const byte = stream.byte()
    small += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return BigInt(small)
  }
  let value = BigInt(small)
  for (let index = 7; index < longest; index++) {
    const byte = stream.byte()
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return value
  }
  throw new DataError('a number of it has more bytes than any type allows')
}

/** Zigzag: 0, -1, 1, -2 … stand as 0, 1, 2, 3 … */
export function signed(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n)
}

export function signedVarint(stream: ByteStream, longest = 10): bigint {
  return signed(unsignedVarint(stream, longest))
}

/** The one of a length or an index: a number that is not negative. */
export function count(value: Whole): number {
  if (typeof value === 'bigint' || value < 0) throw new DataError(`a length of it is ${value}`)
  return value
}

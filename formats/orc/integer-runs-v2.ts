import { DataError } from '../data-error.ts'
import { closestWidth, unpackBits, unpackWide, widthOf, widestNumber } from './bit-packing.ts'
import type { ByteStream } from './byte-stream.ts'
import { type IntegerReader, signed, signedVarint, unsignedVarint, type Whole, whole } from './integers.ts'

/** Integer run length encoding, version 2: short repeat, direct, patched base and delta. */
export class IntegerRunsV2 implements IntegerReader {
  readonly #stream: ByteStream
  readonly #isSigned: boolean
  #values: readonly Whole[] = []
  #at = 0

  constructor(stream: ByteStream, isSigned: boolean) {
    this.#stream = stream
    this.#isSigned = isSigned
  }

  next(): Whole {
    if (this.#at === this.#values.length) {
      this.#values = this.#run()
      this.#at = 0
    }
    return this.#values[this.#at++] ?? 0
  }

  #run(): Whole[] {
    const first = this.#stream.byte()
    switch (first >> 6) {
      case 0:
        return this.#shortRepeat(first)
      case 1:
        return this.#direct(first)
      case 2:
        return this.#patchedBase(first)
      default:
        return this.#delta(first)
    }
  }

  #length(first: number): number {
    return (first & 1) * 256 + this.#stream.byte() + 1
  }

  #shortRepeat(first: number): Whole[] {
    const found = bigEndian(this.#stream.bytes(((first >> 3) & 7) + 1))
    const value = whole(this.#isSigned ? signed(found) : found)
    return Array.from({ length: (first & 7) + 3 }, () => value)
  }

  #direct(first: number): Whole[] {
    const width = widthOf((first >> 1) & 31)
    const length = this.#length(first)
    const bytes = this.#stream.bytes(Math.ceil((length * width) / 8))
    if (width > widestNumber)
      return unpackWide(bytes, width, length).map((value) => whole(this.#isSigned ? signed(value) : value))
    const values = unpackBits(bytes, width, length)
    return this.#isSigned ? values.map((one) => (one % 2 === 0 ? one / 2 : -(one + 1) / 2)) : values
  }

  /** Most values are near a base; the few that are not have their high bits in a list of their own. */
  #patchedBase(first: number): Whole[] {
    const width = widthOf((first >> 1) & 31)
    const length = this.#length(first)
    const third = this.#stream.byte()
    const fourth = this.#stream.byte()
    const baseBytes = (third >> 5) + 1
    const patchWidth = widthOf(third & 31)
    const gapWidth = (fourth >> 5) + 1
    const patches = fourth & 31
    const signBit = 1n << BigInt(baseBytes * 8 - 1)
    const found = bigEndian(this.#stream.bytes(baseBytes))
    const base = (found & signBit) === 0n ? found : -(found & (signBit - 1n))
    const values = unpackWide(this.#stream.bytes(Math.ceil((length * width) / 8)), width, length)
    const entryWidth = closestWidth(gapWidth + patchWidth)
    const entries = unpackWide(this.#stream.bytes(Math.ceil((patches * entryWidth) / 8)), entryWidth, patches)
    let at = 0
    for (const entry of entries) {
      at += Number((entry >> BigInt(patchWidth)) & ((1n << BigInt(gapWidth)) - 1n))
      const before = values[at]
      if (before === undefined) throw new DataError('a run of numbers of it is mended beyond its end')
      values[at] = before | ((entry & ((1n << BigInt(patchWidth)) - 1n)) << BigInt(width))
    }
    return values.map((value) => whole(BigInt.asIntN(64, base + value)))
  }

  /** A first value, a first step whose sign all steps have, and the sizes of the others; width 0: all steps are equal. */
  #delta(first: number): Whole[] {
    const code = (first >> 1) & 31
    const width = code === 0 ? 0 : widthOf(code)
    const length = this.#length(first)
    const start = this.#isSigned ? signedVarint(this.#stream) : unsignedVarint(this.#stream)
    const step = signedVarint(this.#stream)
    const others = Math.max(0, length - 2)
    const bytes = this.#stream.bytes(Math.ceil((others * width) / 8))
    if (isSmall(start, 51) && isSmall(step, 41) && width <= 41)
      return steps(Number(start), Number(step), length, width === 0 ? null : unpackBits(bytes, width, others))
    const values: Whole[] = [whole(start)]
    let value = start
    const add = (by: bigint): void => {
      value += by
      values.push(whole(this.#isSigned ? BigInt.asIntN(64, value) : value))
    }
    if (length > 1) add(step)
    if (width === 0) for (let index = 0; index < others; index++) add(step)
    else for (const size of unpackWide(bytes, width, others)) add(step < 0n ? -size : size)
    return values
  }
}

/** The steps of a run whose 512 values cannot leave what a number holds; `sizes` null: all steps are equal. */
function steps(start: number, step: number, length: number, sizes: readonly number[] | null): number[] {
  const values = [start]
  let value = start
  for (let index = 1; index < length; index++) {
    const size = sizes?.[index - 2] ?? 0
    if (sizes === null || index === 1) value += step
    else value += step < 0 ? -size : size
    values.push(value)
  }
  return values
}

function isSmall(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

import type { ByteStream } from './byte-stream.ts'
import { type IntegerReader, signedVarint, unsignedVarint, type Whole, whole } from './integers.ts'

/** Integer run length encoding, version 1: runs with a fixed step, and literals. */
export class IntegerRunsV1 implements IntegerReader {
  readonly #stream: ByteStream
  readonly #read: (stream: ByteStream) => bigint
  #left = 0
  /** Null: literals. */
  #step: bigint | null = null
  #value = 0n

  constructor(stream: ByteStream, isSigned: boolean) {
    this.#stream = stream
    this.#read = isSigned ? signedVarint : unsignedVarint
  }

  next(): Whole {
    if (this.#left === 0) this.#start()
    else if (this.#step !== null) this.#value += this.#step
    this.#left -= 1
    return whole(this.#step === null ? this.#read(this.#stream) : this.#value)
  }

  #start(): void {
    const control = this.#stream.byte()
    this.#left = control < 128 ? control + 3 : 256 - control
    this.#step = control < 128 ? BigInt.asIntN(8, BigInt(this.#stream.byte())) : null
    if (this.#step !== null) this.#value = this.#read(this.#stream)
  }
}

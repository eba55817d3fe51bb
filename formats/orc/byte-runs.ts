import type { ByteStream } from './byte-stream.ts'

/** Bytes in runs and literals (the specification's byte run length encoding). */
export class ByteRuns {
  readonly #stream: ByteStream
  #left = 0
  /** Null: literals. */
  #run: number | null = null

  constructor(stream: ByteStream) {
    this.#stream = stream
  }

  next(): number {
    if (this.#left === 0) {
      const control = this.#stream.byte()
      this.#left = control < 128 ? control + 3 : 256 - control
      this.#run = control < 128 ? this.#stream.byte() : null
    }
    this.#left -= 1
    return this.#run ?? this.#stream.byte()
  }
}

/** Bits in runs of bytes, the highest first. */
export class BitRuns {
  readonly #bytes: ByteRuns
  #byte = 0
  #left = 0

  constructor(stream: ByteStream) {
    this.#bytes = new ByteRuns(stream)
  }

  next(): boolean {
    if (this.#left === 0) {
      this.#byte = this.#bytes.next()
      this.#left = 8
    }
    this.#left -= 1
    return ((this.#byte >> this.#left) & 1) === 1
  }
}

import { DataError } from '../data-error.ts'

/** Bytes of one stream of a stripe, unpacked block by block as they are asked for. */
export class ByteStream {
  readonly #blocks: Iterator<Buffer>
  #block: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(blocks: Iterable<Buffer>) {
    this.#blocks = blocks[Symbol.iterator]()
  }

  byte(): number {
    while (this.#at >= this.#block.length) this.#next()
    return this.#block[this.#at++] ?? 0
  }

  /** Valid for as long as the caller likes: blocks are not written again. */
  bytes(count: number): Buffer {
    const end = this.#at + count
    if (end <= this.#block.length) {
      const found = this.#block.subarray(this.#at, end)
      this.#at = end
      return found
    }
    const parts: Buffer[] = []
    for (let left = count; left > 0;) {
      while (this.#at >= this.#block.length) this.#next()
      const part = this.#block.subarray(this.#at, this.#at + left)
      parts.push(part)
      this.#at += part.length
      left -= part.length
    }
    return Buffer.concat(parts)
  }

  #next(): void {
    const { done, value } = this.#blocks.next()
    if (done === true) throw new DataError('a stream of it ends before its last value')
    this.#block = value
    this.#at = 0
  }
}

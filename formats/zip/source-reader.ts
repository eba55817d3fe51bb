import { RandomAccessReader } from 'yauzl'
import type { ByteSource } from './byte-source.ts'

const blockBytes = 1 << 18

/**
 * Lets yauzl read a byte source. The directory is asked for in pieces of tens of bytes, so blocks are read ahead and two are kept:
 * the end of the archive and the current place.
 */
export class SourceReader extends RandomAccessReader {
  /** Set when the source failed: the outside world, not the archive, is to blame then. */
  failure: unknown = null
  private readonly source: ByteSource
  private blocks: { readonly start: number; readonly bytes: Buffer }[] = []

  constructor(source: ByteSource) {
    super()
    this.source = source
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.fill(buffer, offset, length, position).then(
      () => callback(null),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    )
  }

  private async fill(buffer: Buffer, offset: number, length: number, position: number): Promise<void> {
    for (let done = 0; done < length;) {
      const at = position + done
      const block = this.blockAt(at) ?? (await this.load(at))
      const copied = block.bytes.copy(
        buffer,
        offset + done,
        at - block.start,
        at - block.start + length - done,
      )
      if (copied === 0) throw new Error(`The source ends at byte ${block.start + block.bytes.length}`)
      done += copied
    }
  }

  private blockAt(position: number) {
    return this.blocks.find(({ start, bytes }) => position >= start && position < start + bytes.length)
  }

  private async load(position: number) {
    const start = position - (position % blockBytes)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of await this.source.read(start, Math.min(start + blockBytes, this.source.size)))
        chunks.push(chunk as Buffer)
    } catch (error) {
      this.failure ??= error
      throw error
    }
    const block = { start, bytes: Buffer.concat(chunks) }
    this.blocks = [block, ...this.blocks].slice(0, 2)
    return block
  }
}

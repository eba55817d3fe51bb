import type { Readable } from 'node:stream'

/** Bytes that can be read from anywhere: a file, an object of the lake. */
export interface ByteSource {
  readonly size: number
  /** Streams bytes [start, end). */
  read(start: number, end: number): Promise<Readable>
}

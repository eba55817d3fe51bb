import type { Readable } from 'node:stream'
import type { Fill } from '../bytes/pieces.ts'

/** Bytes that can be read from anywhere: a file, an object of the lake. */
export interface ByteSource {
  readonly size: number
  /** Streams bytes [start, end). */
  read(start: number, end: number): Promise<Readable>
  /** Reads without a stream, where the source can: that is what most entries are read by. */
  readonly fill?: Fill
}

import { DataError } from '../data-error.ts'

/** Unpacks one LZ4 block (the raw form, without a frame) of at most `limit` bytes. Throws a DataError where it is none. */
export function unpackLz4(packed: Uint8Array, limit: number): Buffer {
  const out = Buffer.allocUnsafe(limit)
  let from = 0
  let to = 0
  const longer = (length: number): number => {
    for (;;) {
      const byte = packed[from++]
      if (byte === undefined) throw damaged()
      length += byte
      if (byte < 255) return length
    }
  }
  while (from < packed.length) {
    const token = packed[from++] ?? 0
    const literals = token >> 4 === 15 ? longer(15) : token >> 4
    if (from + literals > packed.length || to + literals > limit) throw damaged()
    out.set(packed.subarray(from, from + literals), to)
    from += literals
    to += literals
    // The last sequence has literals only.
    if (from === packed.length) break
    const offset = (packed[from] ?? 0) + (packed[from + 1] ?? 0) * 256
    from += 2
    const length = ((token & 15) === 15 ? longer(15) : token & 15) + 4
    if (offset === 0 || offset > to || to + length > limit || from > packed.length) throw damaged()
    // Byte by byte: what is copied may reach into itself.
    for (let end = to + length; to < end; to++) out[to] = out[to - offset] ?? 0
  }
  return out.subarray(0, to)
}

function damaged(): DataError {
  return new DataError('a block of it is no LZ4 data')
}

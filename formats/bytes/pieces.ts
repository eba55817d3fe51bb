/** Fills a buffer with the bytes from a position on; answers how many there were: fewer than asked for only at the end. */
export type Fill = (target: Uint8Array, position: number) => Promise<number>

/** A read of less costs as much as one of this many bytes, nearly; more does not make it faster. */
export const pieceBytes = 1 << 20

const free: Buffer[] = []
const mostFree = 32

/** A buffer of `pieceBytes`. They are used again: hundreds of fresh ones a second would keep the garbage collector busy. */
export function takePiece(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes)
}

/** Nobody may look at it afterwards. */
export function givePiece(piece: Buffer): void {
  if (free.length < mostFree) free.push(piece)
}

/** Bytes [start, end), piece by piece; fewer where the source ends before. A piece is valid until the next one is asked for. */
export async function* readPieces(fill: Fill, start: number, end: number): AsyncGenerator<Buffer> {
  const piece = takePiece()
  try {
    for (let position = start; position < end;) {
      const wanted = piece.subarray(0, Math.min(pieceBytes, end - position))
      const found = await fill(wanted, position)
      if (found > 0) yield wanted.subarray(0, found)
      if (found < wanted.length) return
      position += found
    }
  } finally {
    givePiece(piece)
  }
}

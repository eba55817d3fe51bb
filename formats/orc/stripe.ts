import { DataError } from '../data-error.ts'
import { ByteStream } from './byte-stream.ts'
import { BitRuns } from './byte-runs.ts'
import { type FileTail, type ReadBytes, type Stripe, unpackMessage } from './file-tail.ts'
import type { IntegerReader } from './integers.ts'
import { IntegerRunsV1 } from './integer-runs-v1.ts'
import { IntegerRunsV2 } from './integer-runs-v2.ts'

/** Streams by the specification's numbers; the others are indexes. */
const streamKinds = { PRESENT: 0, DATA: 1, LENGTH: 2, DICTIONARY_DATA: 3, SECONDARY: 5 } as const

export type StreamKind = keyof typeof streamKinds

/** How one column lies in one stripe. */
export interface ColumnStreams {
  readonly isDictionary: boolean
  readonly dictionarySize: number
  /** A stream that the writer left out is empty. */
  bytes(kind: StreamKind): ByteStream
  integers(kind: StreamKind, isSigned: boolean): IntegerReader
  /** Which rows have a value; null: all. */
  present(): BitRuns | null
}

export interface StripeStreams {
  /** Zone in which its timestamps without zone were written. */
  readonly zone: string
  column(id: number): ColumnStreams
}

/** Reads one stripe as it is stored; its streams are unpacked as they are used. */
export async function readStripe(
  read: ReadBytes,
  { unpack }: Pick<FileTail, 'unpack'>,
  stripe: Stripe,
): Promise<StripeStreams> {
  const footer = unpackMessage(await read(stripe.footerStart, stripe.end), unpack)
  const data = await read(stripe.dataStart, stripe.footerStart)
  const streams = new Map<string, Buffer>()
  let at = stripe.start - stripe.dataStart
  for (const described of footer.messages(1)) {
    const end = at + described.number(3)
    if (end > data.length) throw new DataError('a stream of it ends beyond its stripe')
    // Indexes stand before the data.
    if (at >= 0) streams.set(`${described.number(2)}/${described.number(1)}`, data.subarray(at, end))
    at = end
  }
  const encodings = footer.messages(2)
  return {
    zone: footer.text(3),
    column(id) {
      const encoding = encodings[id]?.number(1) ?? 0
      if (encoding > 3) throw new DataError(`its column ${id} has the encoding ${encoding}; read are 0 to 3`)
      const bytes = (kind: StreamKind): ByteStream =>
        new ByteStream(unpack(streams.get(`${id}/${streamKinds[kind]}`) ?? Buffer.alloc(0)))
      return {
        // DIRECT, DICTIONARY, DIRECT_V2, DICTIONARY_V2
        isDictionary: encoding % 2 === 1,
        dictionarySize: encodings[id]?.number(2) ?? 0,
        bytes,
        integers: (kind, isSigned) =>
          encoding < 2 ? new IntegerRunsV1(bytes(kind), isSigned) : new IntegerRunsV2(bytes(kind), isSigned),
        present: () => (streams.has(`${id}/${streamKinds.PRESENT}`) ? new BitRuns(bytes('PRESENT')) : null),
      }
    },
  }
}

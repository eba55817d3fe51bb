import { open } from 'node:fs/promises'
import { inflateRaw, zstdDecompress } from 'node:zlib'
import avro from 'avsc'
import { snappyUncompress } from 'hysnappy'
import { DataError } from '../data-error.ts'
import type { RowStream, RowValue } from '../rows/row-stream.ts'
import { type AvroColumn, avroColumns } from './avro-columns.ts'

type Callback = (error: Error | null, block?: Buffer) => void

/** Codecs of the specification that this machine unpacks; bzip2 and xz are refused by name. */
const codecs: Readonly<Record<string, (block: Buffer, done: Callback) => void>> = {
  null: (block, done) => done(null, block),
  deflate: (block, done) => inflateRaw(block, done),
  zstandard: (block, done) => zstdDecompress(block, done),
  // Four bytes of CRC-32 of the unpacked block follow it.
  snappy: (block, done) => {
    try {
      const packed = block.subarray(0, -4)
      done(null, Buffer.from(snappyUncompress(packed, snappyLength(packed))))
    } catch (cause) {
      done(new DataError('A block of the Avro file is no Snappy data', { cause }))
    }
  },
}

const rowsAtOnce = 1000

/**
 * Rows of an Avro object container file (specification 1.11). Whole numbers keep all digits, decimals and times become text in their own
 * precision, nested values JSON. Throws a DataError where the file is none, is cut, or its codec is not known.
 */
export async function readAvro(file: string): Promise<RowStream> {
  const end = await lastBytes(file, 16)
  const decoder = avro.createFileDecoder(file, { codecs, parseHook: withWholeLongs })
  const columns = await new Promise<AvroColumn[]>((resolve, reject) => {
    const refuse = (cause: Error): void =>
      reject(new DataError(`${file} is no Avro file: ${cause.message}`, { cause }))
    decoder.once('error', refuse)
    decoder.once('metadata', (_type: unknown, codec: string, header: AvroHeader) => {
      decoder.off('error', refuse)
      // Each block ends with the marker, so a whole file does; the library leaves out a last block that is cut.
      if (!end.equals(header.sync))
        reject(new DataError(`${file} is damaged: it is cut in the middle of a block`))
      if (codecs[codec] === undefined)
        reject(
          new DataError(
            `${file} is packed with ${codec}; Avro is read with ${Object.keys(codecs).join(', ')}`,
          ),
        )
      try {
        resolve(avroColumns(JSON.parse(header.meta['avro.schema']?.toString('utf8') ?? 'null')))
      } catch (error) {
        reject(error instanceof Error ? error : new TypeError(String(error)))
      }
    })
    decoder.once('finish', () => reject(new DataError(`${file} is no Avro file: it ends before its schema`)))
  })
  return {
    columns,
    batches: batchesOf(decoder as AsyncIterable<Record<string, unknown>>, columns, file),
  }
}

async function* batchesOf(
  records: AsyncIterable<Record<string, unknown>>,
  columns: readonly AvroColumn[],
  file: string,
): AsyncGenerator<RowValue[][]> {
  let rows: RowValue[][] = []
  try {
    for await (const record of records) {
      rows.push(columns.map(({ name, valueOf }) => valueOf(record[name])))
      if (rows.length < rowsAtOnce) continue
      yield rows
      rows = []
    }
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    throw new DataError(`${file} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  if (rows.length > 0) yield rows
}

interface AvroHeader {
  readonly meta: Readonly<Record<string, Buffer>>
  readonly sync: Buffer
}

async function lastBytes(file: string, count: number): Promise<Buffer> {
  await using handle = await open(file, 'r')
  const { size } = await handle.stat()
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, Math.max(0, size - count))
  return buffer.subarray(0, bytesRead)
}

/** Longs as bigint: JavaScript's numbers end at 2^53. */
const wholeLong = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: (value: bigint) => value.toString(),
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

function withWholeLongs(schema: avro.Schema): avro.Type {
  // Logical types over long are written as objects, which a registry of names would miss.
  const isLong = (one: unknown): boolean =>
    one === 'long' || (typeof one === 'object' && one !== null && Reflect.get(one, 'type') === 'long')
  return avro.Type.forSchema(schema, { typeHook: (one) => (isLong(one) ? wholeLong : undefined) })
}

/** The unpacked length stands first, seven bits a byte, low ones first. */
function snappyLength(packed: Uint8Array): number {
  let length = 0
  for (const [index, byte] of packed.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length
  }
  throw new RangeError('no length')
}

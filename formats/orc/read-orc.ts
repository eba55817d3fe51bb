import { open } from 'node:fs/promises'
import { DataError } from '../data-error.ts'
import type { RowStream, RowValue } from '../rows/row-stream.ts'
import { columnReader } from './column-readers.ts'
import { type FileTail, readTail } from './file-tail.ts'
import { jsonText } from './json-text.ts'
import type { Decoded } from './reader.ts'
import { readStripe } from './stripe.ts'
import { columnsOf, type OrcType } from './types.ts'

/** Rows decoded at once; fewer where a row can hold lists. */
const rowsAtOnce = { flat: 1000, nested: 100 }

/**
 * Rows of an ORC file (specification version 1). Whole numbers keep all digits, decimals and times become text in their own precision
 * (timestamps without zone as the writer's clock showed them), nested values JSON. Stripe by stripe: memory holds one as it is stored. Throws a
 * DataError where the file is none, is damaged, or uses what is not read here.
 */
export async function readOrc(file: string): Promise<RowStream> {
  const tail = await about(file, () => withFile(file, (read, size) => readTail(read, size)))
  return { columns: columnsOf(tail.root), batches: batchesOf(file, tail) }
}

async function* batchesOf(file: string, tail: FileTail): AsyncGenerator<RowValue[][]> {
  const types = tail.root.children
  const most = types.some(({ children }) => children.length > 0) ? rowsAtOnce.nested : rowsAtOnce.flat
  for (const [index, stripe] of tail.stripes.entries()) {
    const place = `${file}, stripe ${index}`
    const read = await about(place, async () => {
      const streams = await withFile(file, (bytes) => readStripe(bytes, tail, stripe))
      return columnReader(tail.root, streams)
    })
    for (let row = 0; row < stripe.rows; row += most) {
      const rows = await about(place, async () => read(Math.min(most, stripe.rows - row)))
      yield rows.map((one) =>
        types.map((type, column) => cell(type, Array.isArray(one) ? one[column] : null)),
      )
    }
  }
}

function cell(type: OrcType, value: Decoded | undefined): RowValue {
  if (value === undefined || value === null) return null
  // The cast is what Array.isArray does not tell of a readonly array.
  return type.children.length > 0 || Array.isArray(value) ? jsonText(type, value) : (value as RowValue)
}

/** Opens the file for one read: a reader that is left in the middle leaves nothing open. */
async function withFile<T>(
  file: string,
  work: (read: (start: number, end: number) => Promise<Buffer>, size: number) => Promise<T>,
): Promise<T> {
  await using handle = await open(file, 'r')
  const { size } = await handle.stat()
  return await work(async (start, end) => {
    if (start < 0 || end > size || start > end)
      throw new DataError(`bytes ${start} to ${end} of it are beyond its ${size}`)
    const { buffer, bytesRead } = await handle.read(
      Buffer.allocUnsafeSlow(end - start),
      0,
      end - start,
      start,
    )
    if (bytesRead < end - start) throw new DataError('it was cut while it was read')
    return buffer
  }, size)
}

async function about<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DataError)
      throw new DataError(`${place} cannot be read: ${error.message}`, { cause: error })
    throw error
  }
}

import { DataError } from '../data-error.ts'
import { ByteRuns } from './byte-runs.ts'
import { count, type IntegerReader } from './integers.ts'
import type { Decoded, MakeReader } from './reader.ts'

/** More items than a batch of rows may have within them: a trap, or lists that fit into no cell. */
const mostItems = 1 << 24

/** Readers of the types that hold others. */
export const nestedReaders = {
  struct:
    ({ inner }) =>
    (rows) => {
      const columns = inner.map((read) => read(rows))
      return Array.from({ length: rows }, (_, row) => columns.map((values) => values[row] ?? null))
    },
  list: ({ column, inner }) => {
    const lengths = column.integers('LENGTH', false)
    const [items] = inner
    return (rows) => {
      const { sizes, total } = sizesOf(lengths, rows)
      return cut(sizes, items?.(total) ?? [])
    }
  },
  map: ({ column, inner }) => {
    const lengths = column.integers('LENGTH', false)
    const [keys, values] = inner
    return (rows) => {
      const { sizes, total } = sizesOf(lengths, rows)
      const found = values?.(total) ?? []
      return cut(
        sizes,
        (keys?.(total) ?? []).map((key, index) => [key, found[index] ?? null]),
      )
    }
  },
  union: ({ column, inner }) => {
    const tags = new ByteRuns(column.bytes('DATA'))
    return (rows) => {
      const which = Array.from({ length: rows }, () => tags.next())
      const wrong = which.find((tag) => tag >= inner.length)
      if (wrong !== undefined)
        throw new DataError(`a union of ${inner.length} types of it holds its type ${wrong}`)
      const values = inner.map((read, tag) => read(which.filter((one) => one === tag).length))
      const at = inner.map(() => 0)
      return which.map((tag) => {
        const index = at[tag] ?? 0
        at[tag] = index + 1
        return [tag, values[tag]?.[index] ?? null]
      })
    }
  },
} satisfies Record<string, MakeReader>

function sizesOf(lengths: IntegerReader, rows: number): { sizes: number[]; total: number } {
  const sizes = Array.from({ length: rows }, () => count(lengths.next()))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > mostItems)
    throw new DataError(`${rows} rows of it hold lists of ${total} items; read are ${mostItems}`)
  return { sizes, total }
}

function cut(sizes: readonly number[], items: readonly Decoded[]): Decoded[] {
  let at = 0
  return sizes.map((size) => items.slice(at, (at += size)))
}

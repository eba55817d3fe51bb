import { join } from 'node:path'
import { LocalLake } from '../../lake/local/local-lake.ts'
import type { QueryValue } from '../../tables/duckdb/query-value.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { queryTables } from '../../tables/read.ts'

export interface TableRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly QueryValue[])[]
}

/** Results of SELECTs over the tables of a home. */
export async function selectAll(
  home: string,
  selects: Readonly<Record<string, string>>,
): Promise<Record<string, TableRows>> {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb-test'), memoryLimit: '512MB' })
  try {
    const found: Record<string, TableRows> = {}
    for (const [name, sql] of Object.entries(selects)) {
      found[name] = await queryTables({ lake, duckdb }, { sql }, async (result) => {
        const rows: (readonly QueryValue[])[] = []
        for await (const chunk of result.rows) rows.push(...chunk)
        return { columns: result.columns, rows }
      })
    }
    return found
  } finally {
    await duckdb.close()
  }
}

/**
 * What differs between two results, one line a cell or row, the first `limit` of them. Rows are paired by all that is no floating-point
 * number; those may differ by 1e-9 of their size, since sums depend on the order of their rows.
 */
export function differences(expected: TableRows, actual: TableRows, limit = 10): string[] {
  const [left, right] = [byIdentity(expected), byIdentity(actual)]
  const found: string[] = []
  for (const [identity, rows] of left) {
    const others = right.get(identity) ?? []
    if (rows.length !== others.length) found.push(`${others.length} instead of ${rows.length}: ${identity}`)
    rows.forEach((row, index) => {
      const other = others[index]
      if (other === undefined) return
      row.forEach((value, column) => {
        const got = other[column]
        if (value === got || (typeof value === 'number' && typeof got === 'number' && isClose(value, got)))
          return
        found.push(`${expected.columns[column]?.name} is ${got} instead of ${value}: ${identity}`)
      })
    })
  }
  for (const [identity, rows] of right)
    if (!left.has(identity)) found.push(`${rows.length} instead of none: ${identity}`)
  return found.slice(0, limit)
}

type Cells = (number | null)[]

/** Floating-point cells of the rows of each identity; those of one identity in order. */
function byIdentity({ columns, rows }: TableRows): Map<string, Cells[]> {
  const isFloat = columns.map(({ type }) => type === 'DOUBLE' || type === 'FLOAT')
  const found = new Map<string, Cells[]>()
  for (const row of rows) {
    const identity = JSON.stringify(
      Object.fromEntries(
        row.flatMap((value, index) => (isFloat[index] ? [] : [[columns[index]?.name, value]])),
      ),
    )
    const cells = row.map((value, index) => (isFloat[index] && typeof value === 'number' ? value : null))
    found.set(identity, [...(found.get(identity) ?? []), cells])
  }
  for (const all of found.values()) all.sort((a, b) => compare(a, b))
  return found
}

function compare(a: Cells, b: Cells): number {
  for (const [index, value] of a.entries()) {
    const difference = (value ?? -Infinity) - (b[index] ?? -Infinity)
    if (difference !== 0 && !Number.isNaN(difference)) return difference
  }
  return 0
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12
}

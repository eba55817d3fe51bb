import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { describeTable, listTables, queryTables } from '../../tables/read.ts'

export interface TableContent {
  readonly version: number
  readonly rows: number
  /** SHA-256 over the sorted rows, without columns that tell when a process ran. */
  readonly hash: string
}

/** What differs between two runs by its nature: real times of processing. */
const realTimes: Readonly<Record<string, readonly string[]>> = {
  'bronze.ingestion_log': ['processing_start_time', 'processing_end_time', 'duration_seconds'],
  'silver.ingestion_log': ['processing_start_time', 'processing_end_time', 'duration_seconds'],
}

/** JSON writes a double with as many digits as tell it from every other one, but knows no negative zero. */
function exact(_key: string, value: unknown): unknown {
  return Object.is(value, -0) ? '-0' : value
}

/** Content of every table of a home, independent of the order of rows and files. */
export async function tableContents(home: string): Promise<Record<string, TableContent>> {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), memoryLimit: '512MB' })
  const contents: Record<string, TableContent> = {}
  try {
    for (const table of await listTables(lake)) {
      const described = await describeTable({ lake, duckdb }, table)
      if (described === null) continue
      const columns = described.columns
        .map((column) => column.name)
        .filter((name) => !realTimes[table]?.includes(name))
        .toSorted()
      const sql = `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM ${table}`
      const lines = await queryTables({ lake, duckdb }, { sql }, async ({ rows }) => {
        const found: string[] = []
        for await (const chunk of rows) for (const row of chunk) found.push(JSON.stringify(row, exact))
        return found.toSorted()
      })
      const hash = createHash('sha256').update(columns.join()).update(lines.join('\n')).digest('hex')
      contents[table] = { version: described.version, rows: lines.length, hash }
    }
  } finally {
    await duckdb.close()
  }
  return contents
}

/** For comparing two homes: versions may differ where commits were repeated against other files, content may not. */
export function contentOnly(
  contents: Readonly<Record<string, TableContent>>,
): Record<string, { rows: number; hash: string }> {
  return Object.fromEntries(
    Object.entries(contents).map(([table, { rows, hash }]) => [table, { rows, hash }]),
  )
}

import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import type { TableContract } from '../contract.ts'
import type { AddFile } from '../delta/actions.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import type { SqlColumn } from '../duckdb/columns.ts'
import { selectWithFiles } from '../duckdb/views.ts'

/** The table that a build changes, as of the snapshot that it read. */
export interface Target {
  readonly lake: Lake
  readonly folder: string
  readonly snapshot: Snapshot
  readonly contract: TableContract
  /** All that the files hold: the contract's columns and what the materialization keeps besides. */
  readonly columns: readonly SqlColumn[]
}

/** What a materialization wants to commit; null: the table is as it should be already. */
export interface Rewrite {
  readonly add: readonly AddFile[]
  readonly remove: readonly AddFile[]
  readonly rowsInserted: number
  readonly rowsUpdated: number
  readonly rowsDeleted: number
}

/** Rows of the table with `_file`, the position of their file in `files`. */
export interface FileRows {
  readonly select: string
  readonly files: readonly AddFile[]
}

export function targetRows(target: Target, files?: readonly AddFile[]): FileRows {
  return selectWithFiles({ ...target, ...(files !== undefined && { files }) })
}

/** Of `rows.files`, those that a SELECT names by `_file`. */
export async function filesOf(
  connection: DuckDBConnection,
  rows: FileRows,
  select: string,
): Promise<AddFile[]> {
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT _file FROM (${select}) WHERE _file IS NOT NULL`,
  )
  const positions = new Set(result.getRows().map(([position]) => Number(position)))
  return rows.files.filter((_, position) => positions.has(position))
}

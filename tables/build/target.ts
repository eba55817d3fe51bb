import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import type { TableContract } from '../contract.ts'
import type { AddFile } from '../delta/actions.ts'
import { lakePath } from '../delta/paths.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import type { SqlColumn } from '../duckdb/columns.ts'
import { selectFrom } from '../duckdb/views.ts'

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

/** SELECT over the table's files with `filename`. */
export function targetRows(target: Target, files?: readonly AddFile[]): string {
  return selectFrom({ ...target, ...(files !== undefined && { files }) }, { withFile: true })
}

/** Files that hold a row of the SELECT, which gives `filename`. */
export async function filesOf(
  connection: DuckDBConnection,
  target: Target,
  select: string,
): Promise<AddFile[]> {
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT filename FROM (${select}) WHERE filename IS NOT NULL`,
  )
  const names = new Set(result.getRows().map(([name]) => String(name)))
  return [...target.snapshot.files.values()].filter((file) =>
    names.has(target.lake.location(lakePath(target.folder, file.path))),
  )
}

const smallFile = 16 * 2 ** 20
const manySmallFiles = 10

/**
 * Small files of partitions that hold many of them: a rewrite takes them in, so that a table fed by small batches stays quick
 * to read.
 */
export function crowdedFiles(target: Target): AddFile[] {
  const byPartition = Map.groupBy(
    [...target.snapshot.files.values()].filter((file) => file.size < smallFile),
    (file) => JSON.stringify(file.partitionValues),
  )
  return [...byPartition.values()].filter((files) => files.length >= manySmallFiles).flat()
}

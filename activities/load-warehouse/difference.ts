import type { Lake } from '../../lake/lake.ts'
import type { TableContract } from '../../tables/contract.ts'
import type { AddFile } from '../../tables/delta/actions.ts'
import type { DeltaLog } from '../../tables/delta/log.ts'
import { lakePath } from '../../tables/delta/paths.ts'
import type { Snapshot } from '../../tables/delta/snapshot.ts'
import { sqlColumns } from '../../tables/duckdb/columns.ts'
import { nameList } from '../../tables/duckdb/sql.ts'
import { selectFrom } from '../../tables/duckdb/views.ts'
import type { WarehouseSource } from '../../warehouse/warehouse.ts'

/**
 * What brings the warehouse from the version that it holds to the newest one of a Delta table. `rows` and `deletions` are SELECTs for a
 * DuckDB session: of the contract's columns, and of its key.
 */
export type Difference = { readonly source: WarehouseSource; readonly rows: string } & (
  | { readonly kind: 'whole table' }
  | { readonly kind: 'added rows' }
  | { readonly kind: 'changed rows'; readonly deletions: string }
)

/**
 * Compares the files of two versions, never whole tables: what both have is the same in both. Null where there is nothing to load. Whatever
 * a build did in between (append, merge, scd2, replace, several batches), the warehouse then holds the table's rows.
 */
export async function difference(
  log: DeltaLog,
  contract: TableContract,
  since: WarehouseSource | null,
): Promise<Difference | null> {
  const current = await log.latest()
  if (current.metadata === null) return null
  const source: WarehouseSource = { id: current.metadata.id, version: current.version }
  if (since?.id === source.id && since.version >= source.version) return null

  const base = since?.id === source.id ? await stillReadable(log, current, since.version) : null
  const select = (snapshot: Snapshot, files: readonly AddFile[]): string =>
    selectFrom({ lake: log.lake, folder: log.folder, snapshot, files, columns: sqlColumns(contract.columns) })
  if (base === null) {
    return { kind: 'whole table', source, rows: select(current, [...current.files.values()]) }
  }
  const added = select(current, missingIn(base, current))
  const dropped = missingIn(current, base)
  if (dropped.length === 0) return { kind: 'added rows', source, rows: added }
  const before = select(base, dropped)
  const key = nameList(contract.key)
  return {
    kind: 'changed rows',
    source,
    deletions: `SELECT ${key} FROM (${before}) EXCEPT SELECT ${key} FROM (${added})`,
    rows: `SELECT * FROM (${added}) EXCEPT SELECT * FROM (${before})`,
  }
}

/** Files of one version that another one does not have. */
function missingIn(other: Snapshot, snapshot: Snapshot): AddFile[] {
  return [...snapshot.files.values()].filter((file) => !other.files.has(file.path))
}

/** The older version, where its log entries and all files that it alone has are still there; else null. */
async function stillReadable(log: DeltaLog, current: Snapshot, version: number): Promise<Snapshot | null> {
  let base: Snapshot
  try {
    base = await log.at(version)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  for (const file of missingIn(current, base)) {
    if (!(await exists(log.lake, lakePath(log.folder, file.path)))) return null
  }
  return base
}

async function exists(lake: Lake, path: string): Promise<boolean> {
  return (await lake.stat(path)) !== null
}

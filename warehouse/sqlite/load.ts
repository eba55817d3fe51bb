import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import { WarehouseConflict } from '../errors.ts'
import { loadsTable } from '../loads-table.ts'
import type {
  WarehouseLoad,
  WarehouseLoadResult,
  WarehouseRow,
  WarehouseSource,
  WarehouseTable,
} from '../warehouse.ts'
import { longTransaction } from './connection.ts'
import { quoteIdentifier } from './identifier.ts'
import { deleteAllSql, deleteByKeySql, upsertSql } from './statements.ts'
import { bindKey, bindRow } from './values.ts'

const nothing: WarehouseLoadResult = { loaded: false, rowsDeleted: 0, rowsUpserted: 0 }

/** `Warehouse.load` on a connection of its own. */
export async function loadTable(database: DatabaseSync, input: WarehouseLoad): Promise<WarehouseLoadResult> {
  if (includes(lastSource(database, input.table), input.source)) return nothing
  return longTransaction(database, async () => {
    // Asked again under the write lock: only now nobody can come in between.
    const last = lastSource(database, input.table)
    if (includes(last, input.source)) return nothing
    if (last?.id !== input.since?.id || last?.version !== input.since?.version) {
      throw new WarehouseConflict(
        `${input.table.name} was loaded to ${describe(last)} meanwhile; this load starts from ${describe(input.since)}`,
      )
    }
    const rowsDeleted = await deleteRows(database, input)
    const upsert = database.prepare(upsertSql(input.table))
    const rowsUpserted = await each(input.rows, (row) => upsert.run(...bindRow(input.table, row)))
    note(database, input, rowsDeleted, rowsUpserted)
    return { loaded: true, rowsDeleted, rowsUpserted }
  })
}

/** The newest row of the ledger for a table. */
export function lastSource(database: DatabaseSync, table: WarehouseTable): WarehouseSource | null {
  const row = database
    .prepare(
      `SELECT source_id, source_version FROM ${quoteIdentifier(loadsTable.name)} WHERE table_name = ? ORDER BY load_number DESC LIMIT 1`,
    )
    .get(table.name)
  if (row === undefined) return null
  return { id: String(row['source_id']), version: Number(row['source_version']) }
}

async function deleteRows(database: DatabaseSync, input: WarehouseLoad): Promise<number> {
  if (input.deletions === 'all') return Number(database.prepare(deleteAllSql(input.table)).run().changes)
  const statement = database.prepare(deleteByKeySql(input.table))
  let deleted = 0
  await each(input.deletions, (key) => {
    deleted += Number(statement.run(...bindKey(input.table, key)).changes)
  })
  return deleted
}

function note(database: DatabaseSync, input: WarehouseLoad, rowsDeleted: number, rowsUpserted: number): void {
  const name = quoteIdentifier(loadsTable.name)
  const row = database
    .prepare(`SELECT coalesce(max(load_number), 0) + 1 AS next FROM ${name} WHERE table_name = ?`)
    .get(input.table.name)
  const values = bindRow(loadsTable, [
    input.table.name,
    Number(row?.['next'] ?? 1),
    input.source.id,
    input.source.version,
    input.batch,
    rowsDeleted,
    rowsUpserted,
    new Date().toISOString(),
  ])
  database.prepare(upsertSql(loadsTable)).run(...values)
}

const rowsPerTurn = 1_000

/** Rows that are at hand at once would keep timers, and with them heartbeats, from running. */
async function each(rows: AsyncIterable<WarehouseRow>, work: (row: WarehouseRow) => void): Promise<number> {
  let count = 0
  for await (const row of rows) {
    work(row)
    count += 1
    if (count % rowsPerTurn === 0) await nextTurn()
  }
  return count
}

function includes(last: WarehouseSource | null, source: WarehouseSource): boolean {
  return last !== null && last.id === source.id && last.version >= source.version
}

function describe(source: WarehouseSource | null): string {
  return source === null ? 'nothing' : `version ${source.version} of ${source.id}`
}

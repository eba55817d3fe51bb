import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DataError } from '../errors.ts'
import { loadsTable } from '../loads-table.ts'
import { runTables } from '../run-tables.ts'
import type { Warehouse, WarehouseValue } from '../warehouse.ts'
import { isRefusal, openDatabase, transaction, whenFree } from './connection.ts'
import { lastSource, loadTable } from './load.ts'
import { migrateTables } from './migrate.ts'
import { upsertSql } from './statements.ts'
import { bindRow, readValue } from './values.ts'

/**
 * The warehouse in one SQLite file. Several processes may have it open; each has one connection, and one more while it loads a table, so
 * that what else is recorded meanwhile never becomes part of a load.
 */
export async function openSqliteWarehouse(file: string): Promise<Warehouse> {
  const database = await openDatabase(file, { durable: false })
  const prepared = statementCache(database)
  try {
    await migrateTables(database, [loadsTable, ...runTables])
  } catch (error) {
    database.close()
    throw error
  }
  return {
    migrate: (tables) => migrateTables(database, tables),

    async upsert(table, rows, options = {}) {
      if (rows.length === 0) return
      const values = rows.map((row) => bindRow(table, row))
      const statement = prepared(upsertSql(table, options.finalWith))
      await refusing(table.name, () =>
        transaction(database, () => {
          for (const row of values) statement.run(...row)
        }),
      )
    },

    loaded: (table) => whenFree(() => lastSource(database, table)),

    async load(input) {
      const own = await openDatabase(file, { durable: true })
      try {
        return await refusing(input.table.name, () => loadTable(own, input))
      } finally {
        own.close()
      }
    },

    async query(sql, parameters = []) {
      const statement = prepared(sql)
      statement.setReadBigInts(true)
      const rows = await whenFree(() => statement.all(...parameters.map(parameterValue)))
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readValue(value)])),
      )
    },

    close() {
      if (database.isOpen) database.close()
      return Promise.resolve()
    },
  }
}

/** Statements are prepared once: recording a run is the same few over and over. Queries come in any number, so the oldest give way. */
function statementCache(database: DatabaseSync): (sql: string) => StatementSync {
  const limit = 100
  const known = new Map<string, StatementSync>()
  return (sql) => {
    const found = known.get(sql)
    if (found !== undefined) return found
    const oldest = known.keys().next()
    if (known.size >= limit && oldest.done !== true) known.delete(oldest.value)
    const statement = database.prepare(sql)
    known.set(sql, statement)
    return statement
  }
}

async function refusing<T>(table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new DataError(`${table}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

function parameterValue(value: WarehouseValue): string | number | bigint | null {
  return typeof value === 'boolean' ? Number(value) : value
}

import type { DatabaseSync } from 'node:sqlite'
import { DefinitionError } from '../errors.ts'
import { loadsTable } from '../loads-table.ts'
import type { WarehouseTable } from '../warehouse.ts'
import { transaction } from './connection.ts'
import { addColumnSql, createTableSql, indexesSql, storageType } from './ddl.ts'
import { quoteIdentifier } from './identifier.ts'

/** Creates what is missing. Takes the write lock only when something is. */
export async function migrateTables(
  database: DatabaseSync,
  tables: readonly WarehouseTable[],
): Promise<void> {
  if (tables.every((table) => missingSql(database, table).length === 0)) return
  await transaction(database, () => {
    for (const table of tables) {
      if (foundColumns(database, table.name).length === 0) forgetLoads(database, table)
      for (const sql of missingSql(database, table)) database.exec(sql)
    }
  })
}

/** A table that somebody dropped holds nothing of what was loaded into it. */
function forgetLoads(database: DatabaseSync, table: WarehouseTable): void {
  const ledger = quoteIdentifier(loadsTable.name)
  if (foundColumns(database, loadsTable.name).length === 0) return
  database.prepare(`DELETE FROM ${ledger} WHERE table_name = ?`).run(table.name)
}

interface FoundColumn {
  readonly name: string
  readonly type: string
  readonly notnull: number
  /** Place in the primary key, from 1; 0: not in it. */
  readonly pk: number
}

/**
 * Statements that bring a database to what a table needs: nothing, additions, or the whole table. Throws a DefinitionError where only dropping would help:
 * a column of another type or nullability, another key.
 */
function missingSql(database: DatabaseSync, table: WarehouseTable): string[] {
  const found = foundColumns(database, table.name)
  if (found.length === 0) return [createTableSql(table)]
  const added = table.columns.filter((column) => !found.some((one) => one.name === column.name))
  for (const column of table.columns) {
    const one = found.find((other) => other.name === column.name)
    if (one === undefined) continue
    const is = `${one.type}${one.notnull === 1 ? ' NOT NULL' : ''}`
    const wanted = `${storageType(column.type)}${column.nullable ? '' : ' NOT NULL'}`
    if (is !== wanted) throw cannotChange(table, `column ${column.name} is ${is}, wanted is ${wanted}`)
  }
  const key = found.filter((one) => one.pk > 0).toSorted((a, b) => a.pk - b.pk)
  const keyNames = key.map((one) => one.name).join(', ')
  if (keyNames !== table.key.join(', ')) {
    throw cannotChange(table, `its key is (${keyNames}), wanted is (${table.key.join(', ')})`)
  }
  const gone = found.filter((one) => !table.columns.some((column) => column.name === one.name))
  const required = gone.find((one) => one.notnull === 1)
  if (required !== undefined) {
    throw cannotChange(table, `column ${required.name} is NOT NULL there and no longer given`)
  }
  return [...added.map((column) => addColumnSql(table, column)), ...missingIndexes(database, table)]
}

/** The same for a script: with whether the table is new. */
export function migrateScript(
  database: DatabaseSync,
  table: WarehouseTable,
): { readonly isNew: boolean; readonly statements: readonly string[] } {
  return {
    isNew: foundColumns(database, table.name).length === 0,
    statements: missingSql(database, table),
  }
}

function missingIndexes(database: DatabaseSync, table: WarehouseTable): string[] {
  const rows = database.prepare(`PRAGMA index_list(${quoteIdentifier(table.name)})`).all()
  const names = new Set(rows.map((row) => row['name']))
  return indexesSql(table).filter((sql) => !names.has(/EXISTS "(\w+)"/.exec(sql)?.[1] ?? ''))
}

function foundColumns(database: DatabaseSync, table: string): FoundColumn[] {
  const rows = database.prepare(`PRAGMA table_info(${quoteIdentifier(table)})`).all()
  return rows.map((row) => ({
    name: String(row['name']),
    type: String(row['type']),
    notnull: Number(row['notnull']),
    pk: Number(row['pk']),
  }))
}

function cannotChange(table: WarehouseTable, what: string): DefinitionError {
  return new DefinitionError(
    `table ${table.name} in the warehouse: ${what}. Nothing is dropped by itself: drop the table (its rows are loaded again) or give the column another name`,
  )
}

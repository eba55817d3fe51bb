import { DatabaseSync } from 'node:sqlite'
import type { WarehouseTable } from '../warehouse.ts'
import { migrateScript } from './migrate.ts'

/** A numbered DDL script, e.g. `0001_dim_device.sql`. Run in the order of their names they build the tables. */
export interface DdlScript {
  readonly name: string
  readonly text: string
}

/**
 * The scripts that are missing after those that are there: one for each table that is new or has grown. Scripts that are there are history, as
 * somebody may have run them: they are read, never changed. `origin` says where a table's columns are written.
 */
export function missingScripts(
  existing: readonly DdlScript[],
  tables: readonly WarehouseTable[],
  origin: (table: WarehouseTable) => string,
): DdlScript[] {
  const database = new DatabaseSync(':memory:')
  try {
    const scripts = existing.toSorted((one, other) => (one.name < other.name ? -1 : 1))
    for (const script of scripts) run(database, script)
    let last = Math.max(0, ...scripts.map((script) => Number.parseInt(script.name, 10)))
    return tables.flatMap((table) => {
      const { isNew, statements } = migrateScript(database, table)
      if (statements.length === 0) return []
      last += 1
      const script = {
        name: `${String(last).padStart(4, '0')}_${table.name}${isNew ? '' : '_additions'}.sql`,
        text: `-- ${origin(table)}\n\n${statements.join('')}`,
      }
      run(database, script)
      return [script]
    })
  } finally {
    database.close()
  }
}

function run(database: DatabaseSync, script: DdlScript): void {
  try {
    database.exec(script.text)
  } catch (cause) {
    throw new Error(`${script.name} fails: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

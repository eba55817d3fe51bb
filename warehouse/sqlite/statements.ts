import type { WarehouseTable } from '../warehouse.ts'
import { quoteIdentifier, quoteIdentifiers } from './identifier.ts'

/** Insert or replace by key, values in the order of the table's columns. `finalWith`: see `Warehouse.upsert`. */
export function upsertSql(table: WarehouseTable, finalWith?: string): string {
  const columns = table.columns.map((column) => column.name)
  const others = columns.filter((name) => !table.key.includes(name))
  const target = `INSERT INTO ${quoteIdentifier(table.name)} (${quoteIdentifiers(columns)}) VALUES (${columns.map(() => '?').join(', ')})`
  if (others.length === 0) return `${target} ON CONFLICT (${quoteIdentifiers(table.key)}) DO NOTHING`
  const sets = others.map((name) => `${quoteIdentifier(name)} = excluded.${quoteIdentifier(name)}`)
  const guard =
    finalWith === undefined
      ? ''
      : ` WHERE excluded.${quoteIdentifier(finalWith)} IS NOT NULL OR ${quoteIdentifier(table.name)}.${quoteIdentifier(finalWith)} IS NULL`
  return `${target} ON CONFLICT (${quoteIdentifiers(table.key)}) DO UPDATE SET ${sets.join(', ')}${guard}`
}

/** Deletes one row, values in the order of the table's key. */
export function deleteByKeySql(table: WarehouseTable): string {
  const conditions = table.key.map((name) => `${quoteIdentifier(name)} = ?`)
  return `DELETE FROM ${quoteIdentifier(table.name)} WHERE ${conditions.join(' AND ')}`
}

export function deleteAllSql(table: WarehouseTable): string {
  return `DELETE FROM ${quoteIdentifier(table.name)}`
}

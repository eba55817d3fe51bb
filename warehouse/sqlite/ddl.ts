import { DefinitionError } from '../errors.ts'
import type { ColumnType, WarehouseColumn, WarehouseTable } from '../warehouse.ts'
import { quoteIdentifier, quoteIdentifiers } from './identifier.ts'

/**
 * SQLite's storage for each column type. The tables are STRICT, so a text in a number column is refused instead of kept. Timestamps and dates are
 * text in one fixed form (`2026-11-21T09:30:00.000000Z`, `2026-11-21`): it sorts as time does and SQLite's date functions read it.
 */
const storage: Record<ColumnType, string> = {
  string: 'TEXT',
  bigint: 'INTEGER',
  int: 'INTEGER',
  double: 'REAL',
  boolean: 'INTEGER',
  timestamp: 'TEXT',
  date: 'TEXT',
}

/** `CREATE TABLE` and `CREATE INDEX` of a table, each ending in `;\n`. Running it again changes nothing. */
export function createTableSql(table: WarehouseTable): string {
  if (table.key.length === 0) {
    throw new DefinitionError(
      `table ${table.name} has no key; the warehouse loads by key: name its key columns`,
    )
  }
  const lines = [...table.columns.map(columnSql), `PRIMARY KEY (${quoteIdentifiers(table.key)})`]
  const create = `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(table.name)} (\n  ${lines.join(',\n  ')}\n) STRICT;\n`
  return [create, ...indexesSql(table)].join('')
}

/** `CREATE INDEX IF NOT EXISTS` statements, one a searched column list. */
export function indexesSql(table: WarehouseTable): string[] {
  return (table.indexes ?? []).map(
    (columns) =>
      `CREATE INDEX IF NOT EXISTS ${quoteIdentifier([table.name, ...columns].join('__'))} ON ${quoteIdentifier(table.name)} (${quoteIdentifiers(columns)});\n`,
  )
}

/**
 * `ALTER TABLE … ADD COLUMN`. An added column may hold nothing in the rows that are there, so it must be nullable.
 */
export function addColumnSql(table: WarehouseTable, column: WarehouseColumn): string {
  if (!column.nullable) {
    throw new DefinitionError(
      `column ${table.name}.${column.name} is new and not nullable; rows that are there have no value for it: make it nullable`,
    )
  }
  return `ALTER TABLE ${quoteIdentifier(table.name)} ADD COLUMN ${columnSql(column)};\n`
}

/** Type as `PRAGMA table_info` prints it. */
export function storageType(type: ColumnType): string {
  return storage[type]
}

function columnSql(column: WarehouseColumn): string {
  const name = quoteIdentifier(column.name)
  const notNull = column.nullable ? '' : ' NOT NULL'
  const check = column.type === 'boolean' ? ` CHECK (${name} IN (0, 1))` : ''
  return `${name} ${storage[column.type]}${notNull}${check}`
}

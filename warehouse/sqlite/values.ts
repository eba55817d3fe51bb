import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { DataError } from '../errors.ts'
import type { WarehouseColumn, WarehouseRow, WarehouseTable, WarehouseValue } from '../warehouse.ts'

/** Values of a row as SQLite stores them; throws a DataError that names table, column and value. */
export function bindRow(table: WarehouseTable, row: WarehouseRow): SQLInputValue[] {
  return bindColumns(table, table.columns, row)
}

/** Values of `table.key`. */
export function bindKey(table: WarehouseTable, key: WarehouseRow): SQLInputValue[] {
  return bindColumns(table, keyColumns(table), key)
}

export function keyColumns(table: WarehouseTable): WarehouseColumn[] {
  return table.key.map((name) => {
    const column = table.columns.find((one) => one.name === name)
    if (column === undefined)
      throw new TypeError(`key column ${name} of ${table.name} is not among its columns`)
    return column
  })
}

function bindColumns(
  table: WarehouseTable,
  columns: readonly WarehouseColumn[],
  row: WarehouseRow,
): SQLInputValue[] {
  if (row.length !== columns.length) {
    throw new TypeError(`a row for ${table.name} has ${row.length} values; ${columns.length} are needed`)
  }
  return columns.map((column, index) => bind(table, column, row[index] ?? null))
}

function bind(table: WarehouseTable, column: WarehouseColumn, value: WarehouseValue): SQLInputValue {
  if (value === null) return null
  switch (column.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value ? 1 : 0
      break
    case 'string':
    case 'date':
      if (typeof value === 'string') return value
      break
    case 'timestamp':
      if (typeof value === 'string') return timestampText(value) ?? refuse(table, column, value)
      break
    case 'double':
      // SQLite has no NaN: it would store NULL without saying so, also where the column must have a value.
      if (typeof value === 'number') return Number.isNaN(value) ? null : value
      if (typeof value === 'bigint') return Number(value)
      break
    case 'int':
    case 'bigint':
      if (typeof value === 'bigint') return value
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value
      break
  }
  return refuse(table, column, value)
}

function refuse(table: WarehouseTable, column: WarehouseColumn, value: WarehouseValue): never {
  throw new DataError(
    `${table.name}.${column.name} is ${column.type}; ${typeof value} ${JSON.stringify(String(value)).slice(0, 200)} does not fit`,
  )
}

const timestamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]00(?::?00)?)$/

/** UTC ISO 8601 in the one form that sorts: six decimals and `Z`. Finer decimals are cut. Null where it is no UTC time. */
export function timestampText(text: string): string | null {
  const match = timestamp.exec(text)
  if (match === null) return null
  const [, date = '', time = '', fraction = ''] = match
  return `${date}T${time}.${fraction.slice(0, 6).padEnd(6, '0')}Z`
}

/** A value as SQLite gives it: integers as numbers where that is exact. */
export function readValue(value: SQLOutputValue): WarehouseValue {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return value
}

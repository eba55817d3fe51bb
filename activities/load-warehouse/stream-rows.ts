import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { TableColumn } from '../../tables/contract.ts'
import { quoteName } from '../../tables/duckdb/sql.ts'
import type { WarehouseRow, WarehouseValue } from '../../warehouse/warehouse.ts'

/** Rows of a SELECT in the warehouse's values, a chunk of DuckDB's at a time. Starts when the first row is asked for. */
export async function* streamRows(
  connection: DuckDBConnection,
  select: string,
  columns: readonly Pick<TableColumn, 'name' | 'type'>[],
  signal: AbortSignal,
): AsyncGenerator<WarehouseRow> {
  const result = await connection.stream(`SELECT ${columns.map(warehouseText).join(', ')} FROM (${select})`)
  for await (const rows of result.yieldRows()) {
    signal.throwIfAborted()
    for (const row of rows) yield row.map(warehouseValue)
  }
}

export async function* noRows(): AsyncGenerator<WarehouseRow> {}

/** Times leave DuckDB as text, so that no microsecond is lost on the way. */
function warehouseText({ name, type }: Pick<TableColumn, 'name' | 'type'>): string {
  const column = quoteName(name)
  if (type === 'timestamp') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`
  if (type === 'date') return `CAST(${column} AS VARCHAR)`
  return column
}

function warehouseValue(value: DuckDBValue): WarehouseValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  ) {
    return value
  }
  throw new TypeError(`DuckDB gave ${value.constructor.name} where a plain value was asked for`)
}

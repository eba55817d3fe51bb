/** Column types that tables and warehouse share. Timestamps are UTC microseconds, given as ISO 8601 text. */
export type ColumnType = 'string' | 'bigint' | 'int' | 'double' | 'boolean' | 'timestamp' | 'date'

export interface WarehouseColumn {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
}

export interface WarehouseTable {
  readonly name: string
  readonly columns: readonly WarehouseColumn[]
  /** Primary key. */
  readonly key: readonly string[]
}

export type WarehouseValue = string | number | bigint | boolean | null
export type WarehouseRow = readonly WarehouseValue[]

/**
 * The relational side. Every write is one transaction and may be repeated.
 * Identifiers are checked against `[A-Za-z_][A-Za-z0-9_]*` and quoted.
 */
export interface Warehouse {
  /** Creates what is missing (tables, added columns); never drops. */
  migrate(tables: readonly WarehouseTable[]): Promise<void>
  /** Insert or replace by key, in one transaction. */
  upsert(table: WarehouseTable, rows: readonly WarehouseRow[]): Promise<void>
  /**
   * Loads one table's share of a batch in one transaction: deletes the rows whose `replaceBy` columns match one of `scopes`,
   * then upserts `rows`, then notes (table, batch, version) in `_loads`. The same (table, batch, version) again does nothing.
   */
  load(
    input: WarehouseLoad,
  ): Promise<{ readonly loaded: boolean; readonly rowsDeleted: number; readonly rowsUpserted: number }>
  /** For reading back: rows as objects. Parameters by position (`?`). */
  query(sql: string, parameters?: readonly WarehouseValue[]): Promise<Record<string, WarehouseValue>[]>
  close(): Promise<void>
}

export interface WarehouseLoad {
  readonly table: WarehouseTable
  readonly batch: string
  /** Version of the source table that the rows were read from. */
  readonly version: number
  readonly replaceBy: readonly string[]
  readonly scopes: AsyncIterable<WarehouseRow>
  readonly rows: AsyncIterable<WarehouseRow>
}

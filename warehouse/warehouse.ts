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
  /** Primary key; not empty. */
  readonly key: readonly string[]
  /** Further column lists that are searched by. */
  readonly indexes?: readonly (readonly string[])[]
}

export type WarehouseValue = string | number | bigint | boolean | null
export type WarehouseRow = readonly WarehouseValue[]

/**
 * The relational side. Every write is one transaction and may be repeated.
 * An open warehouse has its run tables and its ledger. Identifiers are checked against `[A-Za-z_][A-Za-z0-9_]*` and quoted.
 */
export interface Warehouse {
  /** Creates what is missing (tables, added columns, indexes); never drops. */
  migrate(tables: readonly WarehouseTable[]): Promise<void>
  /**
   * Insert or replace by key, in one transaction. `finalWith` names a column that is set once a row is final:
   * a row that has it is not replaced by one that has not.
   */
  upsert(
    table: WarehouseTable,
    rows: readonly WarehouseRow[],
    options?: { readonly finalWith?: string },
  ): Promise<void>
  /** What was loaded last into a table by `load`; null where nothing was. */
  loaded(table: WarehouseTable): Promise<WarehouseSource | null>
  /**
   * Brings a table from one version of its source to another in one transaction: deletes, upserts `rows`, notes the
   * source in `_loads`. Loads nothing when that version or a later one is already there; throws WarehouseConflict when the table is no longer at
   * `since`, because somebody else loaded in between.
   */
  load(input: WarehouseLoad): Promise<WarehouseLoadResult>
  /** For reading back: rows as objects. Parameters by position (`?`). Integers beyond 2^53 come as bigint, booleans as 0 and 1. */
  query(sql: string, parameters?: readonly WarehouseValue[]): Promise<Record<string, WarehouseValue>[]>
  close(): Promise<void>
}

/** A version of the table that rows were read from. */
export interface WarehouseSource {
  /** Identity of the source table: another one under the same name starts over. */
  readonly id: string
  readonly version: number
}

export interface WarehouseLoad {
  readonly table: WarehouseTable
  readonly batch: string
  readonly source: WarehouseSource
  /** What `loaded` said when the difference was taken. */
  readonly since: WarehouseSource | null
  /** Keys (values of `table.key`) that are gone, or every row. */
  readonly deletions: AsyncIterable<WarehouseRow> | 'all'
  readonly rows: AsyncIterable<WarehouseRow>
}

export interface WarehouseLoadResult {
  readonly loaded: boolean
  readonly rowsDeleted: number
  readonly rowsUpserted: number
}

import type { RowColumn, RowStream, RowValue } from '../formats/rows/row-stream.ts'

/** A table as datasets name it. `schema` null: the database's own default. */
export interface DatabaseTable {
  readonly schema: string | null
  readonly table: string
}

/** A named parameter of a query, script or procedure, without its `@`. */
export interface DatabaseParameter {
  readonly name: string
  readonly value: RowValue
  readonly direction: 'Input' | 'Output' | 'InputOutput'
}

export interface ScriptResult {
  /** One entry a result set, in order. */
  readonly resultSets: readonly {
    readonly columns: readonly RowColumn[]
    readonly rows: readonly (readonly RowValue[])[]
  }[]
  /** Rows that statements without a result set changed; null: none of them tells. */
  readonly recordsAffected: number | null
  readonly outputParameters: Readonly<Record<string, RowValue>>
}

export type DatabaseWrite =
  | { readonly behavior: 'insert' }
  /** `keys` empty: the table's primary key. */
  | { readonly behavior: 'upsert'; readonly keys: readonly string[] }
  /** Rows are handed to the procedure batch by batch, as a table parameter. */
  | {
      readonly behavior: 'storedProcedure'
      readonly procedure: string
      readonly tableParameter: string
      readonly parameters: readonly DatabaseParameter[]
    }

/**
 * A relational database behind a linked service: SQLite embedded, SQL Server in production. Identifiers are quoted by the adapter and
 * checked against what exists. What the database refuses (syntax, missing table, constraint) is a DefinitionError or DataError; not reachable, locked or
 * timed out is any other error.
 */
export interface Database {
  readonly kind: 'database'
  /** Columns in order; null where there is no such table. */
  columns(table: DatabaseTable): Promise<readonly RowColumn[] | null>
  /** Streams the first result set of a query; a second one is a DefinitionError. */
  query(text: string, parameters: readonly DatabaseParameter[], signal: AbortSignal): Promise<RowStream>
  /** Streams the result set of a procedure. */
  queryProcedure(
    name: string,
    parameters: readonly DatabaseParameter[],
    signal: AbortSignal,
  ): Promise<RowStream>
  /** Runs a script: all its statements, in order, in one transaction where the database can. */
  script(text: string, parameters: readonly DatabaseParameter[], signal: AbortSignal): Promise<ScriptResult>
  /** Runs a procedure for its effect. */
  callProcedure(
    name: string,
    parameters: readonly DatabaseParameter[],
    signal: AbortSignal,
  ): Promise<ScriptResult>
  /**
   * Writes all rows in ONE transaction, `before` (a pre-copy script) first in it. `once`: a key of this write; the same key again
   * writes nothing and returns what the first one wrote, so that an activity that is repeated after a crash writes once.
   */
  write(input: {
    readonly table: DatabaseTable
    readonly rows: RowStream
    readonly write: DatabaseWrite
    readonly before: string | null
    /** Make the table from the columns of `rows` where it is missing. */
    readonly createTable: boolean
    readonly once: string
    readonly signal: AbortSignal
  }): Promise<{ readonly rowsWritten: number }>
  close(): Promise<void>
}

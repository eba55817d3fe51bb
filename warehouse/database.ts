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

/** Text of the factory's `procedure/<schema>.<name>.sql` by lower-case `<schema>.<name>`: what a database that keeps no procedures runs. */
export type ProcedureTexts = Readonly<Record<string, string>>

export interface ResultSet {
  readonly columns: readonly RowColumn[]
  readonly rows: readonly (readonly RowValue[])[]
}

export interface ScriptResult {
  /** One entry a result set, in order. */
  readonly resultSets: readonly ResultSet[]
  /** Rows that statements without a result set changed; null: none of them tells. */
  readonly recordsAffected: number | null
  /** Values of the parameters that go out, by their names as given. */
  readonly outputParameters: Readonly<Record<string, RowValue>>
  /** What PRINT said, a line each. */
  readonly messages: readonly string[]
}

/** A text or a procedure to run. */
export interface DatabaseCall {
  readonly parameters: readonly DatabaseParameter[]
  readonly procedures: ProcedureTexts
  /**
   * A key of this call: the same key again changes nothing and gives the same result, so that an activity that is repeated after a crash
   * takes effect once. A call that only reads is not noted.
   */
  readonly once: string
  readonly signal: AbortSignal
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
      readonly batchSize: number
    }

export interface DatabaseWriteInput {
  /** May be missing where a procedure writes. */
  readonly table: DatabaseTable | null
  readonly rows: RowStream
  readonly write: DatabaseWrite
  /** A pre-copy script. */
  readonly before: string | null
  readonly procedures: ProcedureTexts
  /** Make the table from the columns of `rows` where it is missing. */
  readonly createTable: boolean
  readonly once: string
  readonly signal: AbortSignal
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
  /** Streams the one result set of a query; none or several are a DefinitionError. */
  query(text: string, call: DatabaseCall): Promise<RowStream>
  /** Streams the one result set of a procedure. */
  queryProcedure(name: string, call: DatabaseCall): Promise<RowStream>
  /** Runs a script: all its statements, in order, in one transaction where the database can. */
  script(text: string, call: DatabaseCall): Promise<ScriptResult>
  /** Runs a procedure for its effect. */
  callProcedure(name: string, call: DatabaseCall): Promise<ScriptResult>
  /** Writes all rows in ONE transaction, `before` first in it. The same `once` again writes nothing and returns what the first one wrote. */
  write(input: DatabaseWriteInput): Promise<{ readonly rowsWritten: number }>
  /** A SELECT of a table, names quoted; `condition` is SQL text. */
  selectAll(table: DatabaseTable, condition: string | null): string
  /** A name as SQL text. */
  quote(name: string): string
  close(): Promise<void>
}

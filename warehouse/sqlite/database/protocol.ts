import type { RowColumn, RowValue } from '../../../formats/rows/row-stream.ts'
import type {
  DatabaseParameter,
  DatabaseTable,
  DatabaseWrite,
  ProcedureTexts,
  ScriptResult,
} from '../../database.ts'

/** What the thread of a session is started with. */
export interface SessionStart {
  readonly file: string
  /** Name that may stand before a schema in SQL. */
  readonly name: string
  /** Whether SQL is T-SQL, to be rewritten; else it is SQLite's own. */
  readonly tsql: boolean
}

export type Batch = readonly (readonly RowValue[])[]

interface Call {
  readonly parameters: readonly DatabaseParameter[]
  readonly procedures: ProcedureTexts
  readonly once: string
}

/** What a session can be asked, by name: what goes there and what comes back. */
export interface SessionCalls {
  columns: { ask: { readonly table: DatabaseTable }; answer: readonly RowColumn[] | null }
  /** Opens the result set; `next` reads it. */
  query: { ask: Call & Source; answer: readonly RowColumn[] }
  /** Null: there are no more rows. */
  next: { ask: object; answer: Batch | null }
  script: { ask: Call & Source; answer: ScriptResult }
  /** Begins a write; a number: it was done before, this many rows. */
  begin: {
    ask: {
      readonly table: DatabaseTable | null
      readonly columns: readonly RowColumn[]
      readonly write: DatabaseWrite
      readonly before: string | null
      readonly procedures: ProcedureTexts
      readonly createTable: boolean
      readonly once: string
    }
    answer: number | null
  }
  rows: { ask: { readonly rows: Batch }; answer: null }
  /** Commits; the number of rows written. */
  end: { ask: object; answer: number }
}

export type Source = { readonly text: string } | { readonly procedure: string }

export type SessionCall = {
  [K in keyof SessionCalls]: { readonly call: K; readonly ask: SessionCalls[K]['ask'] }
}[keyof SessionCalls]

export type SessionReply =
  | { readonly answer: unknown }
  | {
      readonly error: { readonly name: string; readonly message: string; readonly stack: string | undefined }
    }

import type { DuckDBConnection } from '@duckdb/node-api'
import type { RowColumn } from '../../formats/rows/row-stream.ts'

/**
 * Tabular copies run inside DuckDB: every tabular source opens as a relation of one session, every tabular sink writes a SELECT of that session.
 * What DuckDB reads by itself (DelimitedText, Json, Parquet in a folder of this machine) is read by it; every other source is
 * streamed into the session first, within DuckDB's memory limit and its spill folder.
 */
export interface SourceRelation {
  /** What stands after FROM: `read_parquet([...])`, `"copy_source"`. */
  readonly from: string
  /** Columns in order; `json` columns may hold nested values, which a mapping reaches by path. */
  readonly columns: readonly RowColumn[]
  readonly filesRead: number
  /** Bytes of the source as stored; null: not known before all was read. */
  readonly dataRead: number | null
}

export interface TabularSource {
  open(connection: DuckDBConnection, signal: AbortSignal): Promise<SourceRelation>
}

export interface SinkResult {
  readonly rowsCopied: number
  readonly dataWritten: number | null
  readonly filesWritten: number | null
}

export interface TabularSink {
  /** Writes the result of `select`, whose columns are `columns`: all of it or nothing becomes visible; repeatable. */
  write(
    connection: DuckDBConnection,
    select: string,
    columns: readonly RowColumn[],
    signal: AbortSignal,
  ): Promise<SinkResult>
}

import type { DuckDBConnection } from '@duckdb/node-api'
import type { JsonObject } from '../../adf/json.ts'
import type { ActivityInvocation, ResolvedDataset } from '../../adf/run/run.ts'
import type { RowColumn } from '../../formats/rows/row-stream.ts'
import type { Store } from '../../stores/store.ts'
import type { Dependencies } from '../activity.ts'
import type { SelectedFile } from './files/select-files.ts'

/** One end of a tabular copy, as its maker in `sources` or `sinks` gets it. */
export interface CopyEnd {
  readonly invocation: ActivityInvocation
  /** The other end's type, e.g. `SqlServerSink`. */
  readonly otherType: string
  /** `typeProperties.source` or `.sink`, evaluated and not yet judged. */
  readonly settings: JsonObject
  readonly dataset: ResolvedDataset
  readonly store: Store
  readonly dependencies: Dependencies
  readonly signal: AbortSignal
}

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

/** How files are opened; sources without files need not look at it. */
export interface OpenChoice {
  /** Only these of `files`. */
  readonly files?: readonly SelectedFile[]
  /** Rows that are no rows of the format: they fail the copy (default), are left out and kept in `reject_errors`, or left out. */
  readonly broken?: 'fail' | 'record' | 'skip'
  /** Fill up rows that end early with nulls. */
  readonly pad?: boolean
}

export interface TabularSource {
  /** Files that may be copied one by one; absent: the source is one. */
  readonly files?: readonly SelectedFile[]
  open(connection: DuckDBConnection, signal: AbortSignal, choice?: OpenChoice): Promise<SourceRelation>
  /** After all of it is copied and visible. */
  finish?(): Promise<void>
  /** Always, at the end: removes what was needed on the way. */
  close?(): Promise<void>
}

export interface SinkResult {
  readonly rowsCopied: number
  readonly dataWritten: number | null
  readonly filesWritten: number | null
}

export interface TabularSink {
  /** Whether each file of the source becomes a file of its own (PreserveHierarchy, FlattenHierarchy). */
  readonly fileByFile?: boolean
  /** Columns that the place has already, into whose types rows are converted; null or absent: it takes what comes. */
  columns?(): Promise<readonly RowColumn[] | null>
  /**
   * Writes the result of `select`, whose columns are `columns`: all of it or nothing becomes visible; repeatable. `file`: the file of the
   * source that this is, where copies go file by file.
   */
  write(
    connection: DuckDBConnection,
    select: string,
    columns: readonly RowColumn[],
    signal: AbortSignal,
    file?: SelectedFile,
  ): Promise<SinkResult>
}

export type SourceMaker = (end: CopyEnd) => Promise<TabularSource>
export type SinkMaker = (end: CopyEnd) => Promise<TabularSink>

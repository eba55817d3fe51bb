import type { DuckDBConnection } from '@duckdb/node-api'
import type { JsonObject } from '../../../adf/json.ts'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import type { SelectedFile } from './select-files.ts'

/** A file of the source where tools on this machine read it, without compression. */
export interface LocalFile {
  readonly path: string
  readonly selected: SelectedFile
}

/** Rows of some files: what stands after FROM, with the columns in order and, where asked for, `fileColumn`. */
export interface FileRelation {
  readonly from: string
  readonly columns: readonly RowColumn[]
}

/** Column of a relation that holds the local path of the file that a row is of. */
export const fileColumn = 'local file'

export interface FormatInput {
  readonly connection: DuckDBConnection
  readonly files: readonly LocalFile[]
  /** `source.formatSettings`, as judged. */
  readonly formatSettings: JsonObject
  /** What becomes of rows that are no rows of the format (too many columns): they fail the copy, are left out and counted in reject_errors, or left out. */
  readonly broken: 'fail' | 'record' | 'skip'
  /** Whether rows that end early are filled up with nulls, which costs time. */
  readonly pad: boolean
  /** Whether the relation must have `fileColumn`, which costs time. */
  readonly withFile: boolean
  readonly signal: AbortSignal
}

/** Reads files of one kind of dataset. Rows come in the order of the files and of their rows. */
export interface FileFormat {
  /** Type of the dataset: `DelimitedText`. */
  readonly datasetType: string
  /** Codec by which the whole file is compressed, as the dataset names it; null: none, or within the file (Parquet). */
  compression(dataset: JsonObject): string | null
  /** Name of the encoding of text; null: bytes are handed on as they are. */
  encoding(dataset: JsonObject): string | null
  /** Opens the relation; the dataset's typeProperties are judged here. */
  open(dataset: JsonObject, input: FormatInput): Promise<FileRelation>
}

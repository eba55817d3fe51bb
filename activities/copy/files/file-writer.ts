import type { JsonObject } from '../../../adf/json.ts'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'

/** Writes files of one kind of dataset. */
export interface FileWriter {
  readonly datasetType: string
  /** Of files whose name the dataset does not give; with the dot. */
  extension(dataset: JsonObject, formatSettings: JsonObject): string
  /** Codec by which the whole file is compressed after it is written; null: none, or within the file. */
  compression(dataset: JsonObject): { readonly codec: string; readonly fast: boolean } | null
  /** Name of the encoding of text; null: bytes as they are written. */
  encoding(dataset: JsonObject): string | null
  /** The COPY statement that writes the rows of `select` to a local file; the dataset's typeProperties are judged here. */
  statement(input: {
    readonly select: string
    readonly columns: readonly RowColumn[]
    readonly dataset: JsonObject
    readonly formatSettings: JsonObject
    readonly file: string
  }): string
}

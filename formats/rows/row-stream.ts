/** What a column of a row stream holds; see `RowValue` for how. */
export type RowType =
  | 'string'
  | 'int'
  | 'bigint'
  | 'double'
  | 'decimal'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'bytes'
  | 'json'

export interface RowColumn {
  readonly name: string
  readonly type: RowType
  /** Digits after the point of a decimal; absent: not known. */
  readonly scale?: number
}

/**
 * One value. `int` is a number, `bigint` a bigint (or a number within 2^53); `decimal` is text such as `12.50`; `timestamp` ISO 8601 text, in UTC with
 * `Z` where the source knows a zone; `date` `YYYY-MM-DD`; `time` `hh:mm:ss[.fffffff]`; `json` the text of a JSON value.
 */
export type RowValue = string | number | bigint | boolean | Uint8Array | null

/** Rows as they come, in batches, each row in the order of `columns`. Read once; ending early closes the source. */
export interface RowStream {
  readonly columns: readonly RowColumn[]
  readonly batches: AsyncIterable<readonly (readonly RowValue[])[]>
}

import { DataError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { RowColumn, RowValue } from '../../formats/rows/row-stream.ts'

/** A worker and the workflow hold an output in memory. */
export const largestOutput = 256 * 1024 ** 2

/** A row as activities give it: numbers as numbers, times as ISO text. Throws a DataError on bytes, as ADF does. */
export function rowJson(
  columns: readonly RowColumn[],
  row: readonly RowValue[],
  decimalAsText: boolean,
): JsonObject {
  return Object.fromEntries(
    columns.map((column, index) => [column.name, valueJson(column, row[index] ?? null, decimalAsText)]),
  )
}

function valueJson({ name, type }: RowColumn, value: RowValue, decimalAsText: boolean): JsonValue {
  if (value === null) return null
  if (value instanceof Uint8Array)
    throw new DataError(`column ${name} holds bytes, which no output can; leave it out or convert it to text`)
  // JSON's numbers would round it.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (type === 'decimal' && typeof value === 'string') return decimalAsText ? value : Number(value)
  return value
}

/** Counts the size of an output as it grows; throws a DataError beyond the limit. */
export function outputSize(what: string): (row: JsonObject) => void {
  let bytes = 0
  return (row) => {
    bytes += JSON.stringify(row).length + 1
    if (bytes > largestOutput)
      throw new DataError(
        `${what} gives more than ${largestOutput / 1024 ** 2} MB of rows, the most an output may hold; select fewer rows or columns, or copy them into a file`,
      )
  }
}

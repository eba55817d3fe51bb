import { DataError } from '../../adf/errors.ts'

/** Data that does not fit, as a Copy fails with it: ADF's `2200`, its own code in the message. */
export class CopyDataError extends DataError {
  /** What becomes the activity's `errorCode`. */
  readonly code = '2200'

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`ErrorCode=${code}, ${message}`)
    if (options !== undefined) this.cause = options.cause
  }
}

/** What DuckDB says of a row with another number of fields; null: it says something else. */
export function fieldCount(error: unknown): { readonly expected: number; readonly found: number } | null {
  const match = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(messageOf(error))
  return match === null ? null : { expected: Number(match[1]), found: Number(match[2]) }
}

/** Whether DuckDB says that a value cannot be what it should be: the data is wrong, not the world. */
export function isAboutData(error: unknown): boolean {
  return /^(Conversion|Invalid Input|Out of Range|Invalid type) Error/i.test(messageOf(error))
}

/** The first lines of what DuckDB says, without its advice on its own options. */
export function firstWords(error: unknown): string {
  const text = messageOf(error)
  const end = text.search(/\nPossible fixes|\n\n/)
  return (end === -1 ? text : text.slice(0, end)).replaceAll('\n', ' ')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import { DataError } from '../data-error.ts'

/** Columns from 0, rows from 1; ends included. */
export interface CellRange {
  readonly left: number
  readonly top: number
  /** Null: to the end. */
  readonly right: number | null
  readonly bottom: number | null
}

/** Null, and empty text: the whole sheet. Throws a DataError where the text is no range. */
export function parseRange(text: string | null): CellRange | null {
  if (text === null || text.trim() === '') return null
  const [, from, top, to, bottom] =
    /^\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?$/i.exec(text.trim()) ?? []
  if (from === undefined || top === undefined)
    throw new DataError(
      `range ${JSON.stringify(text)} is none; it is such as A3:H5, or A3 for all from there`,
    )
  return {
    left: columnNumber(from),
    top: Number(top),
    right: to === undefined ? null : columnNumber(to),
    bottom: bottom === undefined ? null : Number(bottom),
  }
}

/** `A` and `A7` are 0, `AA` is 26. */
export function columnNumber(reference: string): number {
  let number = 0
  for (const letter of /^[A-Z]+/i.exec(reference)?.[0].toUpperCase() ?? '')
    number = number * 26 + letter.charCodeAt(0) - 64
  return number - 1
}

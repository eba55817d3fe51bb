import { createReadStream } from 'node:fs'
import { DataError } from '../../../adf/errors.ts'

/** What the first rows of a file of delimited text say. */
export interface TextStart {
  /** Fields of the first row that counts; null: there is none. */
  readonly first: readonly string[] | null
  /** Lines at the start that are left out, empty ones among them. */
  readonly skip: number
}

export interface Dialect {
  readonly delimiter: string
  /** '' for none. */
  readonly quote: string
  readonly escape: string
}

/** No first row is longer; a file that is no text ends here. */
const longestRow = 2 * 2 ** 20

/** Reads the first row of a file, after `skipLineCount` lines that are not empty. */
export async function readTextStart(
  file: string,
  dialect: Dialect,
  skipLineCount: number,
): Promise<TextStart> {
  let text = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 16 })) {
    text += String(chunk)
    const start = startOf(text, dialect, skipLineCount, false)
    if (start !== null) return start
    if (text.length > longestRow)
      throw new DataError(
        `${file} has no end of its first row within ${longestRow} characters; check columnDelimiter, quoteChar and rowDelimiter of the dataset`,
      )
  }
  return startOf(text, dialect, skipLineCount, true) ?? { first: null, skip: 0 }
}

/** Null: more text is needed. */
function startOf(given: string, dialect: Dialect, skipLineCount: number, whole: boolean): TextStart | null {
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given
  let at = 0
  let skip = 0
  for (let left = skipLineCount; ; skip += 1) {
    const end = text.slice(at).search(/\r\n|\n|\r(?=[^]|$)/)
    if (end === -1) {
      if (!whole) return null
      if (left > 0) return { first: null, skip }
      break
    }
    if (end > 0 && left === 0) break
    if (end > 0) left -= 1
    at += end + (text.startsWith('\r\n', at + end) ? 2 : 1)
  }
  if (at >= text.length) return whole ? { first: null, skip } : null
  const fields = fieldsOf(text, at, dialect, whole)
  return fields === null ? null : { first: fields, skip }
}

function fieldsOf(
  text: string,
  from: number,
  { delimiter, quote, escape }: Dialect,
  whole: boolean,
): string[] | null {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = from; at < text.length;) {
    if (quoted) {
      if (
        escape !== '' &&
        text.startsWith(escape, at) &&
        (escape !== quote || text.startsWith(quote, at + 1))
      ) {
        field += text.charAt(at + 1)
        at += 2
      } else if (text.startsWith(quote, at)) {
        quoted = false
        at += quote.length
      } else {
        field += text.charAt(at)
        at += 1
      }
    } else if (quote !== '' && field === '' && text.startsWith(quote, at)) {
      quoted = true
      at += quote.length
    } else if (text.startsWith(delimiter, at)) {
      fields.push(field)
      field = ''
      at += delimiter.length
    } else if (text[at] === '\n' || text[at] === '\r') return [...fields, field]
    else {
      field += text.charAt(at)
      at += 1
    }
  }
  return whole ? [...fields, field] : null
}

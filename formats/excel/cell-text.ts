import type { XmlEvent } from './xml-events.ts'

/** What is said once for all cells: texts that they share, and which of their styles show dates. */
export interface CellContext {
  readonly sharedStrings: readonly string[]
  readonly dateStyles: ReadonlySet<number>
  readonly from1904: boolean
}

/** Formats of ECMA-376 18.8.30 that show days or times. */
const builtInDates = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57])

export async function readSharedStrings(batches: AsyncIterable<readonly XmlEvent[]>): Promise<string[]> {
  const texts: string[] = []
  let [text, inText, inPhonetic] = ['', false, false]
  for await (const batch of batches)
    for (const event of batch) {
      if (event.kind === 'open' && event.name === 'si') text = ''
      else if (event.kind === 'open' && event.name === 'rPh') inPhonetic = true
      else if (event.kind === 'close' && event.name === 'rPh') inPhonetic = false
      else if (event.kind === 'open' && event.name === 't') inText = !inPhonetic
      else if (event.kind === 'close' && event.name === 't') inText = false
      else if (event.kind === 'text' && inText) text += event.text
      else if (event.kind === 'close' && event.name === 'si') texts.push(text)
    }
  return texts
}

/** Indexes of cell styles whose number format is one of dates. */
export async function readDateStyles(batches: AsyncIterable<readonly XmlEvent[]>): Promise<Set<number>> {
  const own = new Set<number>()
  const styles = new Set<number>()
  let [inCells, index] = [false, 0]
  for await (const batch of batches)
    for (const event of batch) {
      if (event.kind === 'close' && event.name === 'cellXfs') inCells = false
      if (event.kind !== 'open') continue
      const { name, attributes } = event
      if (name === 'cellXfs') inCells = true
      else if (name === 'numFmt' && isDateFormat(attributes['formatCode'] ?? ''))
        own.add(Number(attributes['numFmtId']))
      else if (name === 'xf' && inCells) {
        const format = Number(attributes['numFmtId'] ?? 0)
        if (builtInDates.has(format) || own.has(format)) styles.add(index)
        index += 1
      }
    }
  return styles
}

/** Letters of days and times outside of quotes, brackets and escapes. */
function isDateFormat(code: string): boolean {
  return /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, ''))
}

/** Text of a cell as ADF reads it; null: empty. `raw` is what stands in `v` or `is`. */
export function cellText(
  type: string,
  style: number,
  raw: string | null,
  { sharedStrings, dateStyles, from1904 }: CellContext,
): string | null {
  if (raw === null || (raw === '' && type !== 'inlineStr' && type !== 'str')) return null
  if (type === 's') return sharedStrings[Number(raw)] ?? null
  if (type === 'b') return raw === '1' ? 'True' : 'False'
  if (type === 'str' || type === 'inlineStr' || type === 'e' || type === 'd') return raw
  return dateStyles.has(style) ? dateText(Number(raw), from1904) : numberText(raw)
}

/** Excel keeps 0.1 as 0.1 and 1e21 as 1E+21: shown as the shortest text of the number. */
function numberText(raw: string): string {
  const value = Number(raw)
  return Number.isFinite(value) && Math.abs(value) < 1e15 ? String(value) : raw
}

const dayMs = 86_400_000

/** Days since 1899-12-30, so that those after the leap day that 1900 did not have are right. */
function dateText(days: number, from1904: boolean): string {
  const base = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  const date = new Date(base + Math.round(days * dayMs))
  if (Number.isNaN(date.getTime())) return String(days)
  return `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)}`
}

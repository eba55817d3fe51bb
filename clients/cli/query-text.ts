import type { QueryResult } from '../../tables/read.ts'
import { textTable } from './text-table.ts'

const numeric = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT|FLOAT|DOUBLE|DECIMAL)/

export interface Fit {
  readonly width: number
  /** Leave out the last columns that do not fit, instead of shortening values. */
  readonly dropColumns: boolean
}

export interface ShownResult {
  readonly lines: readonly string[]
  readonly rows: number
  /** There are more rows. */
  readonly more: boolean
  /** Columns left out. */
  readonly hidden: number
}

/** The first rows of a result as text columns, and what of it is not shown. */
export async function resultTable(result: QueryResult, limit: number, fit: Fit): Promise<ShownResult> {
  const rows: (readonly (string | number | boolean | null)[])[] = []
  let more = false
  for await (const chunk of result.rows) {
    rows.push(...chunk.slice(0, limit - rows.length + 1))
    if (rows.length <= limit) continue
    rows.length = limit
    more = true
    break
  }
  const cells = rows.map((row) => row.map(cellText))
  const shown = fit.dropColumns ? fitting(result, cells, fit.width) : result.columns.length
  const lines = textTable(
    result.columns.slice(0, shown).map(({ name, type }) => ({ title: name, alignRight: numeric.test(type) })),
    cells,
    fit.width,
  )
  return { lines, rows: rows.length, more, hidden: result.columns.length - shown }
}

/** How many columns stand side by side in full; at least one. */
function fitting(result: QueryResult, cells: readonly (readonly string[])[], width: number): number {
  let used = 0
  const beyond = result.columns.findIndex(({ name }, index) => {
    used += Math.max(name.length, ...cells.map((row) => (row[index] ?? '').length)) + (index === 0 ? 0 : 2)
    return used > width
  })
  return beyond === -1 ? result.columns.length : Math.max(1, beyond)
}

function cellText(value: string | number | boolean | null): string {
  if (value === null) return '·'
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return timeInText(value)
  return String(value)
}

/** As many digits as a person compares; `--csv` and `--json` give all. */
function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
}

/** `2026-11-21T09:30:00.000000Z` → `2026-11-21 09:30:00` */
function timeInText(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?Z$/.exec(text)
  if (found === null) return text
  const fraction = (found[3] ?? '').replace(/\.?0+$/, '')
  return found[2] === '00:00:00' && fraction === '' ? (found[1] ?? '') : `${found[1]} ${found[2]}${fraction}`
}

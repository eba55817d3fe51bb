export interface Column {
  readonly title: string
  /** Numbers are easier to compare when they end at one edge. */
  readonly alignRight?: boolean
}

/** Rows as text columns, no wider than `width`: the widest columns are shortened with `…`. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => (row[index] ?? '').length)),
  )
  const gaps = 2 * (columns.length - 1)
  while (widths.reduce((sum, one) => sum + one, gaps) > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= 4) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = shorten(cells[index] ?? '', widths[index] ?? 0)
        return column.alignRight === true
          ? cell.padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0)
      })
      .join('  ')
      .trimEnd()
  return [line(columns.map((column) => column.title)), ...rows.map(line)]
}

/** One line of at most so many characters; what is cut ends in `…`. */
export function shorten(text: string, width: number): string {
  const oneLine = text.replaceAll(/\s*\n\s*/g, ' ')
  return oneLine.length <= width ? oneLine : `${oneLine.slice(0, Math.max(0, width - 1))}…`
}

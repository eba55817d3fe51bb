import { DataError } from '../data-error.ts'
import type { RowStream } from '../rows/row-stream.ts'
import type { ByteSource } from '../zip/byte-source.ts'
import { type CellContext, cellText, readDateStyles, readSharedStrings } from './cell-text.ts'
import { type CellRange, columnNumber, parseRange } from './range.ts'
import { openWorkbook, type Workbook } from './workbook.ts'

/** Which part of a workbook is a table, in ADF's words. */
export interface ExcelOptions {
  /** Name of the sheet, or its index from 0; null: the first. */
  readonly sheet: string | number | null
  /** `A3:H5`, `A3` (from there to the end); null: from the first cell that is used. */
  readonly range: string | null
  readonly firstRowAsHeader: boolean
  /** Text that is read as null. */
  readonly nullValue: string
}

const rowsAtOnce = 500

/**
 * Rows of one sheet, every column as text: numbers in their shortest form, dates as `yyyy-MM-dd HH:mm:ss`, True and False. Without a header
 * columns are `Prop_0`, `Prop_1` … Throws a DataError where the file is no workbook, or the sheet is not there.
 */
export async function readExcel(source: ByteSource, name: string, options: ExcelOptions): Promise<RowStream> {
  const workbook = await openWorkbook(source, name)
  const part = sheetOf(workbook, name, options.sheet)
  const context: CellContext = {
    sharedStrings: await readSharedStrings(workbook.read('xl/sharedStrings.xml')),
    dateStyles: await readDateStyles(workbook.read('xl/styles.xml')),
    from1904: workbook.from1904,
  }
  const rows = sheetRows(workbook, part, context, parseRange(options.range))
  const first = await rows.next()
  const head = first.done === true ? [] : first.value
  const columns = head.map((text, index) => ({
    name: options.firstRowAsHeader ? (text ?? `Prop_${index}`) : `Prop_${index}`,
    type: 'string' as const,
  }))
  const twice = columns.find(
    ({ name: one }, index) => columns.findIndex(({ name: other }) => other === one) < index,
  )
  if (twice !== undefined)
    throw new DataError(
      `${name} has two columns ${JSON.stringify(twice.name)} in its first row; rename one, or read without firstRowAsHeader`,
    )
  return {
    columns,
    batches: batchesOf(rows, columns.length, options.firstRowAsHeader ? null : head, options, workbook),
  }
}

async function* batchesOf(
  rows: AsyncGenerator<(string | null)[]>,
  width: number,
  head: (string | null)[] | null,
  { nullValue }: ExcelOptions,
  workbook: Workbook,
): AsyncGenerator<(string | null)[][]> {
  const fitted = (row: readonly (string | null)[]): (string | null)[] =>
    Array.from({ length: width }, (_, index) => (row[index] === nullValue ? null : (row[index] ?? null)))
  try {
    let batch = head === null ? [] : [fitted(head)]
    for await (const row of rows) {
      batch.push(fitted(row))
      if (batch.length < rowsAtOnce) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  } finally {
    workbook.close()
  }
}

function sheetOf(workbook: Workbook, name: string, sheet: string | number | null): string {
  const found =
    typeof sheet === 'string'
      ? workbook.sheets.find((one) => one.name === sheet)
      : workbook.sheets[sheet ?? 0]
  if (found !== undefined) return found.part
  throw new DataError(
    `${name} has no sheet ${JSON.stringify(sheet)}; it has: ${workbook.sheets.map((one) => one.name).join(', ')}`,
  )
}

/** Rows of the range; rows that the file leaves out inside it are empty ones. */
async function* sheetRows(
  workbook: Workbook,
  part: string,
  context: CellContext,
  range: CellRange | null,
): AsyncGenerator<(string | null)[]> {
  let row: (string | null)[] = []
  let [rowNumber, nextRow, columnIndex, type, style] = [0, range?.top ?? 0, -1, '', 0]
  let left = range?.left ?? -1
  let value: string | null = null
  let inValue = false
  for await (const batch of workbook.read(part))
    for (const event of batch) {
      if (event.kind === 'text') {
        if (inValue) value = (value ?? '') + event.text
        continue
      }
      const { kind, name } = event
      if (kind === 'open' && name === 'row') {
        rowNumber = Number(event.attributes['r'] ?? rowNumber + 1)
        columnIndex = -1
        row = []
      } else if (kind === 'open' && name === 'c') {
        const reference = event.attributes['r']
        columnIndex = reference === undefined ? columnIndex + 1 : columnNumber(reference)
        type = event.attributes['t'] ?? 'n'
        style = Number(event.attributes['s'] ?? 0)
        value = null
      } else if (name === 'v' || name === 't') inValue = kind === 'open'
      else if (kind === 'close' && name === 'c') {
        const text = cellText(type, style, value, context)
        if (left < 0 && text !== null) left = columnIndex
        const position = columnIndex - left
        if (left >= 0 && position >= 0 && columnIndex <= (range?.right ?? Infinity)) {
          while (row.length < position) row.push(null)
          row[position] = text
        }
      } else if (kind === 'close' && name === 'row') {
        if (rowNumber < (range?.top ?? 0)) continue
        if (rowNumber > (range?.bottom ?? Infinity)) return
        const used = row.some((text) => text !== null)
        if (!used && nextRow === 0) continue
        for (; nextRow > 0 && nextRow < rowNumber; nextRow += 1) yield []
        nextRow = rowNumber + 1
        yield row
      }
    }
}

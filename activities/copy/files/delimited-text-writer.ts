import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import { textOf } from '../conversion.ts'
import { delimitedTextOf, dialectOf, type DelimitedTextDataset } from './delimited-text.ts'
import type { FileWriter } from './file-writer.ts'
import { isUncompressed } from './compression.ts'

const defaultRowDelimiter = '\r\n'

export const delimitedTextWriter: FileWriter = {
  datasetType: 'DelimitedText',
  extension: (_dataset, formatSettings) => {
    const given = formatSettings['fileExtension']
    return typeof given === 'string' && given !== '' ? given : '.txt'
  },
  compression: (dataset) => {
    const { compressionCodec, compressionLevel } = delimitedTextOf(dataset)
    return compressionCodec === undefined || isUncompressed(compressionCodec)
      ? null
      : { codec: compressionCodec, fast: compressionLevel === 'Fastest' }
  },
  encoding: (dataset) => delimitedTextOf(dataset).encodingName,
  statement({ select, columns, dataset, formatSettings, file }) {
    const properties = delimitedTextOf(dataset)
    const quoteAll = formatSettings['quoteAllText'] === true
    const texts = columns.map(
      ({ name, type }) => `${textOf(quoteName(name), type, {})} AS ${quoteName(name)}`,
    )
    const rows = `SELECT ${texts.join(', ')} FROM (${select})`
    const single =
      properties.columnDelimiter.length === 1 && Buffer.byteLength(properties.columnDelimiter) === 1
    return single && properties.quoteChar !== ''
      ? native(rows, properties, quoteAll, file)
      : composed(rows, columns, properties, quoteAll, file)
  },
}

function native(rows: string, properties: DelimitedTextDataset, quoteAll: boolean, file: string): string {
  const { delimiter, quote, escape } = dialectOf(properties)
  const options = [
    'FORMAT csv',
    `HEADER ${properties.firstRowAsHeader}`,
    `DELIMITER ${quoteText(delimiter)}`,
    `QUOTE ${quoteText(quote)}`,
    `ESCAPE ${quoteText(escape)}`,
    `NULLSTR ${quoteText(properties.nullValue)}`,
    `NEW_LINE ${newLine(properties)}`,
    ...(quoteAll ? ['FORCE_QUOTE *'] : []),
  ]
  return `COPY (${rows}) TO ${quoteText(file)} (${options.join(', ')})`
}

/** As DuckDB names it: with its escapes written out. */
function newLine({ rowDelimiter }: DelimitedTextDataset): string {
  const text = rowDelimiter === undefined || rowDelimiter === '' ? defaultRowDelimiter : rowDelimiter
  return quoteText(text.replaceAll('\r', '\\r').replaceAll('\n', '\\n'))
}

/** DuckDB writes delimiters of one byte only, and always with a quote: other rows are put together as one text each. */
function composed(
  rows: string,
  columns: readonly RowColumn[],
  properties: DelimitedTextDataset,
  quoteAll: boolean,
  file: string,
): string {
  const { delimiter, quote, escape } = dialectOf(properties)
  const special = [delimiter, quote, '\n', '\r'].filter((one) => one !== '')
  const field = (value: string): string => {
    if (quote === '') return value
    const inner = [...new Set([escape, quote])].reduce(
      (text, one) => `replace(${text}, ${quoteText(one)}, ${quoteText(escape + one)})`,
      value,
    )
    const quoted = `concat(${quoteText(quote)}, ${inner}, ${quoteText(quote)})`
    if (quoteAll) return quoted
    const needs = special.map((one) => `contains(${value}, ${sqlText(one)})`).join(' OR ')
    return `CASE WHEN ${needs} THEN ${quoted} ELSE ${value} END`
  }
  const fields = columns.map(({ name }) => {
    const column = quoteName(name)
    return `CASE WHEN ${column} IS NULL THEN ${quoteText(properties.nullValue)} ELSE ${field(column)} END`
  })
  const line = `concat_ws(${quoteText(delimiter)}, ${fields.join(', ')})`
  const header = columns.map(({ name }) => field(quoteText(name))).join(', ')
  const first = properties.firstRowAsHeader
    ? `SELECT concat_ws(${quoteText(delimiter)}, ${header}) AS line UNION ALL `
    : ''
  return `COPY (${first}SELECT ${line} AS line FROM (${rows})) TO ${quoteText(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '', NULLSTR '', NEW_LINE ${newLine(properties)})`
}

function sqlText(text: string): string {
  return text === '\n' ? 'chr(10)' : text === '\r' ? 'chr(13)' : quoteText(text)
}

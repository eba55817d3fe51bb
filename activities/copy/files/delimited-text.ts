import type { z } from 'zod'
import { DataError, DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject } from '../../../adf/json.ts'
import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import { parsePart } from './dataset-properties.ts'
import { fileColumn, type FileFormat, type LocalFile } from './file-format.ts'
import { type Dialect, readTextStart } from './text-header.ts'

export type DelimitedTextDataset = z.output<typeof fileDatasetTypes.DelimitedText>

/** Longest delimiter that DuckDB reads, in bytes. */
const longestDelimiter = 4

export function delimitedTextOf(dataset: JsonObject): DelimitedTextDataset {
  const properties = parsePart(fileDatasetTypes.DelimitedText, dataset, 'dataset typeProperties')
  const { columnDelimiter, rowDelimiter, quoteChar, escapeChar } = properties
  const bytes = Buffer.byteLength(columnDelimiter)
  if (bytes === 0 || bytes > longestDelimiter)
    throw new DefinitionError(
      `dataset typeProperties.columnDelimiter is ${JSON.stringify(columnDelimiter)}; it must have 1 to ${longestDelimiter} bytes`,
    )
  if (rowDelimiter !== undefined && !['', '\n', '\r', '\r\n'].includes(rowDelimiter))
    throw new DefinitionError(
      `dataset typeProperties.rowDelimiter is ${JSON.stringify(rowDelimiter)}; rows end with \\r\\n, \\n or \\r here`,
    )
  for (const [name, value] of Object.entries({ quoteChar, escapeChar }))
    if (value.length > 1)
      throw new DefinitionError(
        `dataset typeProperties.${name} is ${JSON.stringify(value)}; it must be one character or ''`,
      )
  return properties
}

export function dialectOf({ columnDelimiter, quoteChar, escapeChar }: DelimitedTextDataset): Dialect {
  return {
    delimiter: columnDelimiter,
    quote: quoteChar,
    escape: quoteChar === '' ? '' : escapeChar === '' ? quoteChar : escapeChar,
  }
}

export const delimitedTextFormat: FileFormat = {
  datasetType: 'DelimitedText',
  compression: (dataset) => delimitedTextOf(dataset).compressionCodec ?? null,
  encoding: (dataset) => delimitedTextOf(dataset).encodingName,
  async open(dataset, { files, formatSettings, withFile, broken, pad }) {
    const properties = delimitedTextOf(dataset)
    const skipLineCount = Number(formatSettings['skipLineCount'] ?? 0)
    const groups: Group[] = []
    for (const file of files) {
      const { first, skip } = await readTextStart(file.path, dialectOf(properties), skipLineCount)
      if (first === null) continue
      const names = properties.firstRowAsHeader
        ? headerOf(first, file)
        : first.map((_, index) => `Prop_${index}`)
      const last = groups.at(-1)
      if (last !== undefined && last.skip === skip && sameNames(last.names, names)) last.files.push(file)
      else groups.push({ names, skip, files: [file] })
    }
    const columns = [...new Set(groups.flatMap(({ names }) => names))]
    const selects = groups.map((group) =>
      readCsv(group, properties, [
        ...(withFile ? [`filename = ${quoteText(fileColumn)}`] : []),
        ...(broken === 'fail' ? [] : broken === 'skip' ? ['ignore_errors = true'] : ['store_rejects = true']),
        // Rows that go over several lines are filled up by one thread only.
        ...(pad ? ['null_padding = true', 'parallel = false'] : []),
      ]),
    )
    const [only] = selects
    return {
      from:
        groups.length === 1 && only !== undefined
          ? only
          : `(${selects.map((one) => `SELECT * FROM ${one}`).join(' UNION ALL BY NAME ')})`,
      columns: columns.map((name) => ({ name, type: 'string' })),
    }
  },
}

/** Files with the same header, one after the other. */
interface Group {
  readonly names: readonly string[]
  readonly skip: number
  readonly files: LocalFile[]
}

function readCsv(
  { names, skip, files }: Group,
  properties: DelimitedTextDataset,
  more: readonly string[],
): string {
  const { delimiter, quote, escape } = dialectOf(properties)
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ')
  const paths = files.map(({ path }) => quoteText(path)).join(', ')
  const options = [
    'auto_detect = false',
    `columns = {${columns}}`,
    `header = ${properties.firstRowAsHeader}`,
    `skip = ${skip}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(escape)}`,
    `nullstr = ${quoteText(properties.nullValue)}`,
    ...more,
  ]
  return `read_csv([${paths}], ${options.join(', ')})`
}

function headerOf(first: readonly string[], { selected }: LocalFile): readonly string[] {
  const empty = first.findIndex((name) => name === '')
  if (empty !== -1)
    throw new DataError(
      `${selected.path}: the name of column ${empty + 1} of ${first.length} is empty in the header; name it, or set firstRowAsHeader to false`,
    )
  const twice = first.find((name, index) => first.indexOf(name) !== index)
  if (twice !== undefined)
    throw new DataError(
      `${selected.path}: column ${quoteName(twice)} stands twice in the header; names must differ`,
    )
  return first
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index])
}

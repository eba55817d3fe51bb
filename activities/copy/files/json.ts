import { stat } from 'node:fs/promises'
import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import type { RowColumn, RowType } from '../../../formats/rows/row-stream.ts'
import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import { describeColumns } from '../describe-columns.ts'
import { parsePart } from './dataset-properties.ts'
import { fileColumn, type FileFormat } from './file-format.ts'

/** No document of a file is longer. */
const longestDocument = 128 * 2 ** 20
const smallestBuffer = 2 ** 20

/**
 * JSON files of any shape that ADF reads: one object, an object a line, objects one after the other, an array of them. Every name of the
 * top is a column; numbers keep their digits, as values stay JSON text until a mapping gives them a type.
 */
export const jsonFormat: FileFormat = {
  datasetType: 'Json',
  compression: (dataset) => {
    const { compression, compressionCodec } = parsePart(
      fileDatasetTypes.Json,
      dataset,
      'dataset typeProperties',
    )
    return compressionCodec ?? compression?.type ?? null
  },
  encoding: (dataset) => parsePart(fileDatasetTypes.Json, dataset, 'dataset typeProperties').encodingName,
  async open(_dataset, { connection, files, withFile }) {
    const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size))
    const paths = files.map(({ path }) => quoteText(path)).join(', ')
    const read = `read_json([${paths}], format = 'auto', records = true, maximum_depth = 1, sample_size = -1, union_by_name = true, hive_partitioning = false, maximum_object_size = ${objectSize(sizes)}${withFile ? `, filename = ${quoteText(fileColumn)}` : ''})`
    const columns = (await describeColumns(connection, read)).filter(({ name }) => name !== fileColumn)
    if (columns.length === 0) return { from: read, columns }
    const kinds = columns.map(
      ({ name }) =>
        `list(DISTINCT json_type(CAST(${quoteName(name)} AS JSON))) FILTER (${quoteName(name)} IS NOT NULL)`,
    )
    const found =
      (await connection.runAndReadAll(`SELECT ${kinds.join(', ')} FROM ${read}`)).getRowsJson()[0] ?? []
    const typed = columns.map(({ name }, index): RowColumn => ({ name, type: typeOf(found[index]) }))
    const picked = typed.map(
      ({ name, type }) =>
        `${picks[type] === undefined ? quoteName(name) : picks[type](quoteName(name))} AS ${quoteName(name)}`,
    )
    if (withFile) picked.push(quoteName(fileColumn))
    return { from: `(SELECT ${picked.join(', ')} FROM ${read})`, columns: typed }
  },
}

/** DuckDB's reader takes buffers of twice this size for each thread at once: a small file must not ask a small worker for them. */
function objectSize(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.min(longestDocument, Math.max(most, size)), smallestBuffer)
}

const picks: Partial<Record<RowType, (name: string) => string>> = {
  string: (name) => `(CAST(${name} AS JSON) ->> '$')`,
  bigint: (name) => `CAST(CAST(${name} AS JSON) AS BIGINT)`,
  double: (name) => `CAST(CAST(${name} AS JSON) AS DOUBLE)`,
  boolean: (name) => `CAST(CAST(${name} AS JSON) AS BOOLEAN)`,
}

/** The type that holds every value of a column. */
function typeOf(found: unknown): RowType {
  const kinds = new Set(Array.isArray(found) ? found.map(String) : [])
  kinds.delete('NULL')
  if (kinds.has('OBJECT') || kinds.has('ARRAY')) return 'json'
  const only = (...allowed: string[]): boolean => [...kinds].every((kind) => allowed.includes(kind))
  if (kinds.size === 0) return 'string'
  if (only('BOOLEAN')) return 'boolean'
  if (only('BIGINT', 'UBIGINT')) return 'bigint'
  if (only('BIGINT', 'UBIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT')) return 'double'
  return 'string'
}

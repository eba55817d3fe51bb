import type { RowType } from '../../formats/rows/row-stream.ts'
import { quoteText } from '../../tables/duckdb/sql.ts'
import { strptimeFormat } from './date-format.ts'

/** A type of a column, and DuckDB's for it; null: as it comes. */
export interface SqlType {
  readonly row: RowType
  readonly sql: string | null
}

const sqlTypes: Readonly<Record<RowType, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  decimal: 'DECIMAL(38, 18)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  time: 'TIME',
  bytes: 'BLOB',
  json: 'JSON',
}

export function sqlTypeOf(row: RowType): SqlType {
  return { row, sql: sqlTypes[row] }
}

/** ADF's interim types, and the names that datasets and older mappings use for them. */
const named: Readonly<Record<string, SqlType>> = {
  string: sqlTypeOf('string'),
  char: sqlTypeOf('string'),
  guid: sqlTypeOf('string'),
  byte: { row: 'int', sql: 'UTINYINT' },
  sbyte: { row: 'int', sql: 'TINYINT' },
  int16: { row: 'int', sql: 'SMALLINT' },
  uint16: { row: 'int', sql: 'USMALLINT' },
  int32: sqlTypeOf('int'),
  int: sqlTypeOf('int'),
  integer: sqlTypeOf('bigint'),
  uint32: { row: 'bigint', sql: 'UINTEGER' },
  int64: sqlTypeOf('bigint'),
  long: sqlTypeOf('bigint'),
  uint64: { row: 'decimal', sql: 'DECIMAL(20, 0)' },
  single: { row: 'double', sql: 'FLOAT' },
  double: sqlTypeOf('double'),
  number: sqlTypeOf('double'),
  decimal: sqlTypeOf('decimal'),
  boolean: sqlTypeOf('boolean'),
  bool: sqlTypeOf('boolean'),
  datetime: sqlTypeOf('timestamp'),
  datetimeoffset: sqlTypeOf('timestamp'),
  date: sqlTypeOf('date'),
  timespan: sqlTypeOf('time'),
  time: sqlTypeOf('time'),
  'byte[]': sqlTypeOf('bytes'),
  bytearray: sqlTypeOf('bytes'),
}

/** The type of this name; null where it says none that is known here (a database's own name, an object): values stay as they are. */
export function typeOfName(name: string): SqlType | null {
  return named[name.toLowerCase()] ?? null
}

export interface ConversionSettings {
  readonly treatBooleanAsNumber?: boolean | undefined
  readonly dateTimeFormat?: string | undefined
  readonly dateTimeOffsetFormat?: string | undefined
  readonly timeSpanFormat?: string | undefined
  /** Of one column; beats the others. */
  readonly format?: string | undefined
  readonly complexToString: boolean
}

/** Forms of dates that .NET's invariant culture reads besides ISO 8601. */
const dateForms = [
  '%m/%d/%Y %H:%M:%S',
  '%m/%d/%Y %I:%M:%S %p',
  '%m/%d/%Y %H:%M',
  '%m/%d/%Y %I:%M %p',
  '%m/%d/%Y',
]

/** SQL that converts a value, strictly and so that what cannot be is NULL. */
export function conversion(
  raw: string,
  source: RowType,
  wanted: SqlType,
  settings: ConversionSettings,
): Converted & { plain: string } {
  const plain = source === 'json' ? unwrapped(raw, wanted.row, settings) : raw
  return { plain, ...converted(plain, source, wanted, settings) }
}

interface Converted {
  readonly value: string
  readonly attempt: string
  readonly fallible: boolean
}

function converted(plain: string, source: RowType, wanted: SqlType, settings: ConversionSettings): Converted {
  const from: RowType = source === 'json' && wanted.row !== 'json' ? 'string' : source
  if (wanted.sql === null || (wanted.row === from && wanted.sql === sqlTypes[from]))
    return same(wanted.sql === null || from !== 'decimal' ? plain : `CAST(${plain} AS ${wanted.sql})`)
  if (wanted.row === 'string') return same(textOf(plain, from, settings))
  if (wanted.row === 'bytes' && from === 'string')
    return { value: `from_base64(${plain})`, attempt: `TRY(from_base64(${plain}))`, fallible: true }
  if ((wanted.row === 'timestamp' || wanted.row === 'date') && from === 'string')
    return dateOf(plain, wanted.sql, settings)
  if (wanted.row === 'boolean' && from === 'string') return cast(`trim(${plain})`, wanted.sql)
  if (from === 'boolean' && settings.treatBooleanAsNumber === true)
    return same(`CAST(${plain} AS ${wanted.sql})`)
  return cast(plain, wanted.sql)
}

function same(value: string): Converted {
  return { value, attempt: value, fallible: false }
}

function cast(value: string, sql: string): Converted {
  return { value: `CAST(${value} AS ${sql})`, attempt: `TRY_CAST(${value} AS ${sql})`, fallible: true }
}

/** Text of a JSON scalar without its quotes; of an object or array its JSON, where that is allowed. */
function unwrapped(raw: string, wanted: RowType, settings: ConversionSettings): string {
  if (wanted === 'json') return raw
  // `->> '$'` gives NULL for a JSON null and the JSON of what is nested.
  const text = `(${raw} ->> '$')`
  if (settings.complexToString || wanted !== 'string') return text
  return text
}

function dateOf(plain: string, sql: string, settings: ConversionSettings): Converted {
  const format = [settings.format, settings.dateTimeFormat, settings.dateTimeOffsetFormat].find(
    (one) => one !== undefined && one !== '',
  )
  if (format !== undefined) {
    const form = quoteText(strptimeFormat(format))
    return {
      value: `CAST(strptime(${plain}, ${form}) AS ${sql})`,
      attempt: `CAST(try_strptime(${plain}, ${form}) AS ${sql})`,
      fallible: true,
    }
  }
  const forms = `[${dateForms.map(quoteText).join(', ')}]`
  return {
    value: `coalesce(TRY_CAST(${plain} AS ${sql}), CAST(strptime(${plain}, ${forms}) AS ${sql}))`,
    attempt: `coalesce(TRY_CAST(${plain} AS ${sql}), CAST(try_strptime(${plain}, ${forms}) AS ${sql}))`,
    fallible: true,
  }
}

/** Text of a value as .NET writes it: ADF's sinks of text hold the same. */
export function textOf(
  value: string,
  type: RowType,
  settings: Pick<ConversionSettings, 'dateTimeFormat' | 'format'>,
): string {
  if (type === 'string') return value
  if (type === 'boolean') return `CASE ${value} WHEN true THEN 'True' WHEN false THEN 'False' END`
  // Without the `.0` of whole numbers, which .NET does not print.
  if (type === 'double')
    return `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < 1e15 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE CAST(${value} AS VARCHAR) END`
  if (type === 'timestamp') {
    const format = [settings.format, settings.dateTimeFormat].find((one) => one !== undefined && one !== '')
    // DuckDB counts microseconds; .NET prints 100 ns.
    return format === undefined
      ? `strftime(CAST(${value} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f0')`
      : `strftime(CAST(${value} AS TIMESTAMP), ${quoteText(strptimeFormat(format))})`
  }
  if (type === 'bytes') return `to_base64(${value})`
  // A JSON string is its text, without quotes; what is nested stays JSON.
  if (type === 'json') return `(CAST(${value} AS JSON) ->> '$')`
  return `CAST(${value} AS VARCHAR)`
}

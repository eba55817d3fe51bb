import type { RowType } from '../../../formats/rows/row-stream.ts'

/** A column's type as SQL text declares it: `decimal(18,2)`. */
export interface SqlType {
  readonly name: string
  readonly type: RowType
  /** What stands in parentheses; `max` is null. */
  readonly length: number | null
  readonly scale: number | null
}

const rowTypes: Readonly<Record<string, RowType>> = {
  int: 'int',
  smallint: 'int',
  tinyint: 'int',
  mediumint: 'int',
  int2: 'int',
  int4: 'int',
  bigint: 'bigint',
  integer: 'bigint',
  int8: 'bigint',
  rowversion: 'bytes',
  bit: 'boolean',
  bool: 'boolean',
  boolean: 'boolean',
  decimal: 'decimal',
  numeric: 'decimal',
  dec: 'decimal',
  money: 'decimal',
  smallmoney: 'decimal',
  number: 'decimal',
  float: 'double',
  real: 'double',
  double: 'double',
  'double precision': 'double',
  datetime: 'timestamp',
  datetime2: 'timestamp',
  smalldatetime: 'timestamp',
  datetimeoffset: 'timestamp',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  binary: 'bytes',
  varbinary: 'bytes',
  image: 'bytes',
  blob: 'bytes',
  json: 'json',
  char: 'string',
  nchar: 'string',
  varchar: 'string',
  nvarchar: 'string',
  text: 'string',
  ntext: 'string',
  sysname: 'string',
  uniqueidentifier: 'string',
  xml: 'string',
  clob: 'string',
  character: 'string',
  string: 'string',
  sql_variant: 'string',
}

/** Reads a declared type; null where the name says nothing here. */
export function readType(declared: string): SqlType | null {
  const match = /^\s*\[?([a-z_][\w ]*?)\]?\s*(?:\(\s*([\d]+|max)\s*(?:,\s*(\d+)\s*)?\))?\s*$/i.exec(declared)
  if (match === null) return null
  const [, given = '', length, scale] = match
  const name = given.toLowerCase().replace(/\s+/g, ' ')
  const type = rowTypes[name]
  if (type === undefined) return null
  const number = length === undefined || length.toLowerCase() === 'max' ? null : Number(length)
  const money = name === 'money' || name === 'smallmoney'
  const whole = type === 'decimal' && name !== 'number' && number !== null ? 0 : null
  return {
    name,
    type,
    length: number,
    scale: scale !== undefined ? Number(scale) : money ? 4 : whole,
  }
}

/** Types of a table that is made from the columns of a row stream. */
export const columnTypes: Readonly<Record<RowType, string>> = {
  string: 'nvarchar',
  int: 'int',
  bigint: 'bigint',
  double: 'float',
  decimal: 'decimal',
  boolean: 'bit',
  timestamp: 'datetime2',
  date: 'date',
  time: 'time',
  bytes: 'varbinary',
  json: 'json',
}

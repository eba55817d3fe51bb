import type { DuckDBConnection } from '@duckdb/node-api'
import type { RowColumn, RowType } from '../../formats/rows/row-stream.ts'

/** Columns of what stands after FROM, in order. */
export async function describeColumns(connection: DuckDBConnection, from: string): Promise<RowColumn[]> {
  const result = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)
  return result.getRows().map(([name, type]) => ({ name: String(name), type: rowType(String(type)) }))
}

const types: Readonly<Record<string, RowType>> = {
  TINYINT: 'int',
  SMALLINT: 'int',
  INTEGER: 'int',
  UTINYINT: 'int',
  USMALLINT: 'int',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  UBIGINT: 'decimal',
  HUGEINT: 'decimal',
  UHUGEINT: 'decimal',
  FLOAT: 'double',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
  BLOB: 'bytes',
  JSON: 'json',
}

/** The type of a column by DuckDB's name of it; nested values count as JSON, all else as text. */
export function rowType(type: string): RowType {
  if (type.startsWith('DECIMAL')) return 'decimal'
  if (/^(STRUCT|MAP|UNION)\b|\]$/.test(type)) return 'json'
  return types[type] ?? 'string'
}

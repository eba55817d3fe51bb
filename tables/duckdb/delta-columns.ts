import { type DeltaField, parseSchema } from '../delta/schema.ts'
import type { SqlColumn } from './columns.ts'

/** A column of any table, as a session sees it; null `fileType`: a nested one, which is read as JSON and not written. */
export type DeltaColumn = Omit<SqlColumn, 'fileType'> & { readonly fileType: string | null }

const types: Readonly<Record<string, readonly [session: string, file: string]>> = {
  string: ['VARCHAR', 'VARCHAR'],
  long: ['BIGINT', 'BIGINT'],
  integer: ['INTEGER', 'INTEGER'],
  short: ['SMALLINT', 'SMALLINT'],
  byte: ['TINYINT', 'TINYINT'],
  float: ['FLOAT', 'FLOAT'],
  double: ['DOUBLE', 'DOUBLE'],
  boolean: ['BOOLEAN', 'BOOLEAN'],
  binary: ['BLOB', 'BLOB'],
  date: ['DATE', 'DATE'],
  timestamp: ['TIMESTAMP', 'TIMESTAMPTZ'],
  timestamp_ntz: ['TIMESTAMP', 'TIMESTAMP'],
}

/** Every column of a Delta schema, those of other writers too. */
export function deltaColumns(schemaString: string): DeltaColumn[] {
  return parseSchema(schemaString).map(deltaColumn)
}

export function deltaColumn({ name, type }: Pick<DeltaField, 'name' | 'type'>): DeltaColumn {
  const known = typeof type === 'string' ? types[type] : undefined
  if (known !== undefined) return { name, sessionType: known[0], fileType: known[1] }
  const decimal = typeof type === 'string' && /^decimal\(\d+,\s*\d+\)$/.test(type) ? type.toUpperCase() : null
  return { name, sessionType: decimal ?? 'JSON', fileType: decimal }
}

/** The field of a new column that holds values of a DuckDB type: what Delta has no type for is text. */
export function deltaField(name: string, duckdbType: string): DeltaField {
  return { name, type: deltaType(duckdbType), nullable: true, metadata: {} }
}

function deltaType(duckdbType: string): string {
  const plain = duckdbType === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMP' : duckdbType
  const found = Object.entries(types).find(([, [session]]) => session === plain)
  if (found !== undefined) return found[0]
  if (plain.startsWith('DECIMAL(')) return plain.toLowerCase()
  return wider[plain] ?? 'string'
}

const wider: Readonly<Record<string, string>> = {
  UTINYINT: 'short',
  USMALLINT: 'integer',
  UINTEGER: 'long',
  UBIGINT: 'decimal(20,0)',
  HUGEINT: 'decimal(38,0)',
}

import type { ColumnType, TableColumn } from '../contract.ts'

/** A column as SQL inside a session sees it and as a Parquet file holds it. */
export interface SqlColumn {
  readonly name: string
  readonly sessionType: string
  readonly fileType: string
}

/**
 * A timestamp is a TIMESTAMP that means UTC inside a session, so that every date function works without a time zone. In files
 * it is an instant: Delta's timestamp is adjusted to UTC, which DuckDB writes for TIMESTAMPTZ only.
 */
const types: Record<ColumnType, { readonly session: string; readonly file: string }> = {
  string: { session: 'VARCHAR', file: 'VARCHAR' },
  bigint: { session: 'BIGINT', file: 'BIGINT' },
  int: { session: 'INTEGER', file: 'INTEGER' },
  double: { session: 'DOUBLE', file: 'DOUBLE' },
  boolean: { session: 'BOOLEAN', file: 'BOOLEAN' },
  timestamp: { session: 'TIMESTAMP', file: 'TIMESTAMPTZ' },
  date: { session: 'DATE', file: 'DATE' },
}

export function sqlColumn({ name, type }: Pick<TableColumn, 'name' | 'type'>): SqlColumn {
  return { name, sessionType: types[type].session, fileType: types[type].file }
}

export function sqlColumns(columns: readonly Pick<TableColumn, 'name' | 'type'>[]): SqlColumn[] {
  return columns.map(sqlColumn)
}

/** SQL of a file's value in its session type. */
export function fromFile(value: string, sessionType: string): string {
  return sessionType === 'TIMESTAMP'
    ? moved(value, sessionType, 'make_timestamp')
    : `CAST(${value} AS ${sessionType})`
}

/** SQL of a session's value in the type that it has in a file. */
export function toFile(value: string, fileType: string): string {
  return fileType === 'TIMESTAMPTZ'
    ? moved(value, fileType, 'make_timestamptz')
    : `CAST(${value} AS ${fileType})`
}

/** A cast between instants and UTC times asks ICU's calendar about each: thirty times as slow as moving the microseconds. Infinities have none. */
function moved(value: string, type: string, make: string): string {
  return `coalesce(${make}(epoch_us(${value})), CAST(${value} AS ${type}))`
}

import {
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  BIGINT,
  BLOB,
  blobValue,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import type { RowColumn, RowStream, RowType, RowValue } from '../../formats/rows/row-stream.ts'
import { DataError } from '../errors.ts'
import { quoteName } from './sql.ts'

/** How a column lies in the stage, and the SQL type that a reader of it sees. Text keeps every digit of decimals and times. */
const staged: Readonly<Record<RowType, { readonly type: DuckDBType; readonly sql: string }>> = {
  string: { type: VARCHAR, sql: 'VARCHAR' },
  int: { type: INTEGER, sql: 'INTEGER' },
  bigint: { type: BIGINT, sql: 'BIGINT' },
  double: { type: DOUBLE, sql: 'DOUBLE' },
  decimal: { type: VARCHAR, sql: 'DECIMAL(38, 18)' },
  boolean: { type: BOOLEAN, sql: 'BOOLEAN' },
  timestamp: { type: VARCHAR, sql: 'TIMESTAMP' },
  date: { type: VARCHAR, sql: 'DATE' },
  time: { type: VARCHAR, sql: 'TIME' },
  bytes: { type: BLOB, sql: 'BLOB' },
  json: { type: VARCHAR, sql: 'JSON' },
}

/** DuckDB's own size of a vector: a chunk holds no more rows. */
const chunkRows = 2048

/**
 * Streams rows into a temporary table of the session, made where it is missing, widened where a later stream has other columns; rows of
 * streams without a column hold null there. The table spills like any other. Returns the count of rows.
 */
export async function stageRows(
  connection: DuckDBConnection,
  table: string,
  rows: RowStream,
  signal: AbortSignal,
): Promise<number> {
  const present = await makeRoom(connection, table, rows.columns)
  const positions = present.map((name) => rows.columns.findIndex((column) => column.name === name))
  const appender = await connection.createAppender(table)
  const own = present.map((_, column) => appender.columnType(column))
  let count = 0
  let pending: (readonly RowValue[])[] = []
  const flush = (): void => {
    if (pending.length === 0) return
    const chunk = DuckDBDataChunk.create(own, pending.length)
    for (const [column, position] of positions.entries())
      chunk.setColumnValues(
        column,
        pending.map((row) => valueOf(row[position] ?? null, own[column] ?? VARCHAR, present[column] ?? '')),
      )
    appender.appendDataChunk(chunk)
    count += pending.length
    pending = []
  }
  try {
    for await (const batch of rows.batches) {
      signal.throwIfAborted()
      for (const row of batch) {
        pending.push(row)
        if (pending.length === chunkRows) flush()
      }
    }
    flush()
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
  return count
}

/** A SELECT list over a stage that gives each column its type. */
export function stagedColumns(columns: readonly RowColumn[]): string {
  return columns
    .map(({ name, type, scale }) => {
      const { type: lies, sql: general } = staged[type]
      const sql = type === 'decimal' && scale !== undefined ? `DECIMAL(38, ${scale})` : general
      const column = quoteName(name)
      return lies === VARCHAR && sql !== 'VARCHAR' ? `CAST(${column} AS ${sql}) AS ${column}` : column
    })
    .join(', ')
}

/** Names of the columns in order. Throws a DataError where a column has another type than in the streams before. */
async function makeRoom(
  connection: DuckDBConnection,
  table: string,
  columns: readonly RowColumn[],
): Promise<string[]> {
  const definitions = columns.map(({ name, type }) => `${quoteName(name)} ${staged[type].type.toString()}`)
  await connection.run(`CREATE TEMP TABLE IF NOT EXISTS ${quoteName(table)} (${definitions.join(', ')})`)
  for (const definition of definitions)
    await connection.run(`ALTER TABLE ${quoteName(table)} ADD COLUMN IF NOT EXISTS ${definition}`)
  const result = await connection.run(`FROM ${quoteName(table)} LIMIT 0`)
  const [names, types] = [result.columnNames(), result.columnTypes()]
  for (const { name, type } of columns) {
    const lies = types[names.indexOf(name)]?.toString()
    if (lies !== staged[type].type.toString())
      throw new DataError(
        `column ${JSON.stringify(name)} is ${type} here and ${lies ?? 'missing'} in what was read before; copy them one by one, or make their types equal`,
      )
  }
  return names
}

/** Throws a DataError where a value is not of its column's type: a vector would take it for another one. */
function valueOf(value: RowValue, type: DuckDBType, column: string): DuckDBValue {
  if (value === null) return null
  if (value instanceof Uint8Array) return blobValue(value)
  if (type === BIGINT && typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (!fits(value, type))
    throw new DataError(
      `column ${JSON.stringify(column)} is ${type.toString()} and holds ${typeof value} ${String(value)}`,
    )
  return value
}

function fits(value: string | number | bigint | boolean, type: DuckDBType): boolean {
  if (type === INTEGER) return typeof value === 'number' && (value | 0) === value
  if (type === BIGINT) return typeof value === 'bigint' && BigInt.asIntN(64, value) === value
  if (type === DOUBLE) return typeof value === 'number'
  return typeof value === (type === BOOLEAN ? 'boolean' : 'string')
}

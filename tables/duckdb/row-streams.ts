import type { DuckDBConnection } from '@duckdb/node-api'
import type { RowColumn, RowStream, RowType, RowValue } from '../../formats/rows/row-stream.ts'
import { quoteName } from './sql.ts'

/** Streams the result of a SELECT with these columns. */
export async function streamRows(
  connection: DuckDBConnection,
  select: string,
  columns: readonly RowColumn[],
  signal: AbortSignal,
): Promise<RowStream> {
  const picked = columns.map(({ name, type }) => `${plain(quoteName(name), type)} AS ${quoteName(name)}`)
  const result = await connection.stream(`SELECT ${picked.join(', ')} FROM (${select})`)
  return { columns, batches: chunks(result, columns, signal) }
}

async function* chunks(
  result: Awaited<ReturnType<DuckDBConnection['stream']>>,
  columns: readonly RowColumn[],
  signal: AbortSignal,
): AsyncGenerator<RowValue[][]> {
  for (;;) {
    signal.throwIfAborted()
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getRows().map((row) => columns.map(({ type }, index) => rowValue(row[index] ?? null, type)))
  }
}

/** As text, but for what DuckDB's values and ours have in common. */
function plain(column: string, type: RowType): string {
  if (type === 'timestamp') return `strftime(CAST(${column} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%f')`
  if (type === 'bytes') return `hex(${column})`
  return type === 'int' || type === 'bigint' || type === 'double' || type === 'boolean'
    ? column
    : `CAST(${column} AS VARCHAR)`
}

function rowValue(value: unknown, type: RowType): RowValue {
  if (type === 'bytes' && typeof value === 'string') return Buffer.from(value, 'hex')
  if (type === 'timestamp' && typeof value === 'string')
    return value.replace(/\.?0+$/, (end) => (end.startsWith('.') ? '' : end)).replace(/(\.\d*?)0+$/, '$1')
  if (type === 'decimal' && typeof value === 'string')
    return value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  )
    return value
  throw new TypeError(`DuckDB gave a ${typeof value} for a column of type ${type}`)
}

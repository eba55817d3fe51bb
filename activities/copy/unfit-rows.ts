import type { DuckDBConnection } from '@duckdb/node-api'
import type { Mapping } from './mapping.ts'

/** A row that does not fit. */
export interface UnfitRow {
  /** From 1: of the rows of the file, the header not counted; where `isLine`, of its lines. */
  readonly row: number
  /** The row itself is broken. */
  readonly isLine: boolean
  readonly text: string
  readonly message: string
}

/** SQL that is true where a value of the row cannot be converted; null: every row fits. */
export function unfit(mapping: Mapping): string | null {
  const tests = mapping.columns.filter(({ fallible }) => fallible).map(testOf)
  return tests.length === 0 ? null : `(${tests.join(' OR ')})`
}

/** The first row that does not fit; null: each does. */
export async function firstUnfitRow(
  connection: DuckDBConnection,
  mapping: Mapping,
): Promise<UnfitRow | null> {
  const select = selectUnfit(mapping)
  if (select === null) return null
  for await (const row of rowsOf(connection, `${select} LIMIT 1`, mapping)) return row
  return null
}

/** Reads all rows and keeps those that do not fit in the session, and broken lines in `reject_errors`. */
export async function recordUnfitRows(connection: DuckDBConnection, mapping: Mapping): Promise<void> {
  const select = selectUnfit(mapping)
  await connection.run(
    select === null
      ? `SELECT count(COLUMNS(*)) FROM ${mapping.from}`
      : `CREATE OR REPLACE TEMP TABLE ${recorded} AS ${select}`,
  )
}

const recorded = '"unfit rows"'

/** What was recorded, in order. */
export async function* recordedRows(
  connection: DuckDBConnection,
  mapping: Mapping,
): AsyncGenerator<UnfitRow> {
  if (unfit(mapping) !== null) yield* rowsOf(connection, `SELECT * FROM ${recorded} ORDER BY 1`, mapping)
}

function selectUnfit(mapping: Mapping): string | null {
  const where = unfit(mapping)
  if (where === null) return null
  const fallible = mapping.columns.filter((column) => column.fallible)
  const which = fallible.map((column, index) => `WHEN ${testOf(column)} THEN ${index}`).join(' ')
  const values = fallible.map(({ plain }, index) => `WHEN ${index} THEN CAST(${plain} AS VARCHAR)`).join(' ')
  const fields = mapping.columns.map(
    ({ plain }) => `'"' || coalesce(replace(CAST(${plain} AS VARCHAR), '"', '""'), '') || '"'`,
  )
  return `SELECT "row number", which, CASE which ${values} END AS value, text FROM (
    SELECT *, CASE ${which} END AS which, ${fields.join(` || ',' || `)} AS text FROM (
      SELECT *, row_number() OVER () AS "row number" FROM ${mapping.from}) WHERE ${where})`
}

async function* rowsOf(
  connection: DuckDBConnection,
  select: string,
  mapping: Mapping,
): AsyncGenerator<UnfitRow> {
  const fallible = mapping.columns.filter((column) => column.fallible)
  const result = await connection.stream(select)
  for await (const rows of result.yieldRowsJson()) {
    for (const [row, index, value, text] of rows) {
      const column = fallible[Number(index)]
      const given = typeof value === 'string' ? value : ''
      yield {
        row: Number(row),
        isLine: false,
        text: typeof text === 'string' ? text : '',
        message: `value ${JSON.stringify(shortened(given))} of column ${JSON.stringify(column?.source ?? '')} cannot be converted to ${column?.typeName ?? ''}`,
      }
    }
  }
}

/** Whether rows ended early when all were read with store_rejects. */
export async function hasShortRows(connection: DuckDBConnection): Promise<boolean> {
  if (!(await hasRejects(connection))) return false
  const found = await connection.runAndReadAll(
    `SELECT 1 FROM reject_errors WHERE error_type = 'MISSING COLUMNS' LIMIT 1`,
  )
  return found.currentRowCount > 0
}

async function hasRejects(connection: DuckDBConnection): Promise<boolean> {
  const known = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_tables() WHERE table_name = 'reject_errors'`,
  )
  return known.currentRowCount > 0
}

/** Lines that are no rows of delimited text, which DuckDB kept when it read all with store_rejects. */
export async function* brokenRows(connection: DuckDBConnection): AsyncGenerator<UnfitRow> {
  if (!(await hasRejects(connection))) return
  // A line may be wrong in several ways.
  const result = await connection.stream(
    'SELECT line, any_value(csv_line), any_value(error_message) FROM reject_errors GROUP BY scan_id, file_id, line ORDER BY scan_id, file_id, line',
  )
  for await (const rows of result.yieldRowsJson()) {
    for (const [line, text, message] of rows)
      yield {
        row: Number(line),
        isLine: true,
        text: typeof text === 'string' ? text : '',
        message: typeof message === 'string' ? message : 'the line is no row',
      }
  }
}

function testOf({ plain, attempt }: Mapping['columns'][number]): string {
  return `(${plain} IS NOT NULL AND ${attempt} IS NULL)`
}

function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`
}

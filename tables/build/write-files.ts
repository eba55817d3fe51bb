import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection, Json } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { type AddFile, columnsTag } from '../delta/actions.ts'
import { newFilePath } from '../delta/paths.ts'
import { formatStats, longestBound, timestampBound } from '../delta/stats.ts'
import { type SqlColumn, toFile } from '../duckdb/columns.ts'
import { nameList, quoteName, quoteText } from '../duckdb/sql.ts'
import { microseconds } from '../rows/values.ts'

export interface WriteFiles {
  readonly connection: DuckDBConnection
  readonly lake: Lake
  readonly folder: string
  readonly columns: readonly SqlColumn[]
  readonly partitionBy: readonly string[]
  /** SELECT of the columns in their session types. */
  readonly select: string
}

/** Writes rows as Parquet files of the table, one a partition. They belong to nothing until a commit names them. */
export async function writeFiles(input: WriteFiles): Promise<AddFile[]> {
  const { connection, lake, columns, partitionBy } = input
  const output = join(await lake.scratch(), `build-${randomUUID()}`)
  const picked = columns.map(
    ({ name, fileType }) => `${toFile(quoteName(name), fileType)} AS ${quoteName(name)}`,
  )
  const partition =
    partitionBy.length === 0 ? '' : `, PARTITION_BY (${nameList(partitionBy)}), WRITE_PARTITION_COLUMNS true`
  try {
    const written = await connection.runAndReadAll(
      `COPY (SELECT ${picked.join(', ')} FROM (${input.select})) TO ${quoteText(output)}
       (FORMAT parquet, COMPRESSION zstd, RETURN_STATS true${partition})`,
    )
    const files: AddFile[] = []
    for (const row of written.getRowObjectsJson()) {
      if (Number(row['count']) > 0) files.push(await keep(input, row))
    }
    return files
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}

/** Moves one written file to its place in the table. */
async function keep(
  { lake, folder, columns, partitionBy }: WriteFiles,
  row: Readonly<Record<string, Json>>,
): Promise<AddFile> {
  const keys = new Map(entries(row['partition_keys']))
  // The log knows no empty text: it stands for null there. Times are UTC there and bear no zone.
  const types = new Map(columns.map((column) => [column.name, column.sessionType]))
  const values = partitionBy.map((name) => {
    const text = keys.get(name)?.toString() ?? ''
    return (types.get(name) === 'TIMESTAMP' ? text.replace(/\+00$/, '') : text) || null
  })
  const path = newFilePath(values)
  const target = `${folder}/${path}`
  const { filename } = row
  if (typeof filename !== 'string') throw new Error('DuckDB did not say which files it wrote')
  await lake.createFromFile(target, filename)
  const stat = await lake.stat(target)
  if (stat === null) throw new Error(`${target} was written and is gone`)
  return {
    path,
    partitionValues: Object.fromEntries(partitionBy.map((name, index) => [name, values[index] ?? null])),
    size: stat.size,
    modificationTime: stat.modified.getTime(),
    dataChange: true,
    stats: statsOf(Number(row['count']), columns, new Map(entries(row['column_statistics']))),
    tags: { [columnsTag]: columns.map((column) => column.name).join(',') },
  }
}

/** DuckDB gives a MAP as a list of { key, value }. */
function entries(map: unknown): [string, unknown][] {
  if (!Array.isArray(map)) return []
  return map.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'key' in entry && 'value' in entry
      ? [[String(entry.key), entry.value] as [string, unknown]]
      : [],
  )
}

function statsOf(
  numRecords: number,
  columns: readonly SqlColumn[],
  statistics: ReadonlyMap<string, unknown>,
): string {
  const minValues: Record<string, string | number> = {}
  const maxValues: Record<string, string | number> = {}
  const nullCount: Record<string, number> = {}
  for (const { name, sessionType } of columns) {
    const found = new Map(entries(statistics.get(quoteName(name))))
    if (!found.has('null_count')) continue
    nullCount[name] = Number(found.get('null_count'))
    if (found.get('has_nan') === 'true') continue
    const low = bound(sessionType, found.get('min'), 'min')
    const high = bound(sessionType, found.get('max'), 'max')
    if (low !== null && high !== null) {
      minValues[name] = low
      maxValues[name] = high
    }
  }
  return formatStats({ numRecords, minValues, maxValues, nullCount })
}

function bound(sessionType: string, text: unknown, side: 'min' | 'max'): string | number | null {
  if (typeof text !== 'string') return null
  if (sessionType === 'VARCHAR') return text.length > longestBound ? null : text
  if (sessionType === 'DATE') return text
  if (sessionType === 'TIMESTAMP') {
    const value = microseconds(text.replace(/\+00$/, 'Z'))
    return value === null ? null : timestampBound(value, side)
  }
  if (sessionType === 'BOOLEAN' || sessionType === 'BLOB') return null
  const value = Number(text)
  return Number.isFinite(value) && (sessionType === 'DOUBLE' || Number.isSafeInteger(value)) ? value : null
}

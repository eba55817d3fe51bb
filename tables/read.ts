import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { openInputs } from './build/inputs.ts'
import { type Parameters, bindParameters } from './build/parameters.ts'
import { parseSelect } from './build/parse.ts'
import { explained } from './build/sql-error.ts'
import { type ColumnType, type TableContract, tableFolder } from './contract.ts'
import { DeltaLog } from './delta/log.ts'
import { columnsOf } from './delta/schema.ts'
import { rowsOf } from './delta/snapshot.ts'
import type { DuckDb } from './duckdb/duckdb.ts'
import { type QueryValue, queryValue } from './duckdb/query-value.ts'

/** What is needed to read tables. Without contracts, a table has the columns of its Delta log and an unknown one is an error. */
export interface TableSource {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly contractOf?: (table: string) => Promise<TableContract | null>
  readonly documentOf?: (name: string) => Promise<string | null>
}

export interface TableDescription {
  readonly table: string
  readonly version: number
  /** Null where a file of another writer does not count its rows. */
  readonly rows: number | null
  readonly files: number
  readonly bytes: number
  /** When the newest file was written; null without files. */
  readonly modified: Date | null
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly partitionBy: readonly string[]
}

/** Names of the Delta tables in the lake, layer by layer. */
export async function listTables(lake: Lake): Promise<string[]> {
  const names: string[] = []
  for (const layer of ['bronze', 'silver', 'gold']) {
    const folder = tableFolder(`${layer}._`).replace(/\/_$/, '')
    for (const child of await lake.children(folder)) {
      if (child.type !== 'Folder' || child.name.startsWith('_')) continue
      const inside = await lake.children(`${folder}/${child.name}`)
      if (inside.some((one) => one.name === '_delta_log')) names.push(`${layer}.${child.name}`)
    }
  }
  return names
}

/** Null where there is no such table. `version` looks back. */
export async function describeTable(
  source: Pick<TableSource, 'lake' | 'duckdb'>,
  table: string,
  version?: number,
): Promise<TableDescription | null> {
  const log = new DeltaLog(source.lake, source.duckdb, tableFolder(table))
  const snapshot = version === undefined ? await log.latest() : await log.at(version)
  if (snapshot.metadata === null) return null
  const files = [...snapshot.files.values()]
  const counts = files.map(rowsOf)
  const newest = files.reduce((latest, file) => Math.max(latest, file.modificationTime), 0)
  return {
    table,
    version: snapshot.version,
    rows: counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    modified: newest === 0 ? null : new Date(newest),
    columns: columnsOf(snapshot.metadata.schemaString).map(({ name, type }) => ({ name, type })),
    partitionBy: snapshot.metadata.partitionColumns,
  }
}

/**
 * Runs `work` in a session where the given tables are views of their newest snapshots under their names (`silver.dim_device`),
 * all pinned at the start. `versions` pins others.
 */
export async function withTables<T>(
  source: TableSource,
  tables: readonly string[],
  work: (connection: DuckDBConnection) => Promise<T>,
  options: { readonly versions?: Readonly<Record<string, number>>; readonly signal?: AbortSignal } = {},
): Promise<T> {
  return source.duckdb.session(async (connection) => {
    await openInputs(source, connection, tables, { where: 'the query', versions: options.versions ?? {} })
    return work(connection)
  }, options.signal)
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** To be read once, inside the callback: rows as they come, in arrays of one chunk. */
  readonly rows: AsyncIterable<readonly (readonly QueryValue[])[]>
}

export interface Query {
  /** One SELECT over `bronze.x`, `silver.x`, `gold.x`. */
  readonly sql: string
  /** Values of `$name`. */
  readonly parameters?: Parameters
  /** Table → version, to look back. */
  readonly versions?: Readonly<Record<string, number>>
  readonly signal?: AbortSignal
}

/** Runs one SELECT over the tables that it names and hands the rows on as they come. Throws a DefinitionError where the SQL is wrong. */
export async function queryTables<T>(
  source: TableSource,
  query: Query,
  consume: (result: QueryResult) => Promise<T>,
): Promise<T> {
  const where = 'the query'
  return source.duckdb.session(async (connection) => {
    const { inputs } = await parseSelect(connection, query.sql, where)
    await openInputs(source, connection, inputs, { where, versions: query.versions ?? {} })
    const sql = bindParameters(query.sql, query.parameters ?? {}, where)
    const result = await explained(where, async () => connection.stream(sql))
    const types = result.columnTypes()
    const columns = result
      .deduplicatedColumnNames()
      .map((name, index) => ({ name, type: types[index]?.toString() ?? '' }))
    return consume({ columns, rows: convert(result.yieldRows(), query.signal) })
  }, query.signal)
}

async function* convert(
  chunks: ReturnType<Awaited<ReturnType<DuckDBConnection['stream']>>['yieldRows']>,
  signal: AbortSignal | undefined,
): AsyncGenerator<QueryValue[][]> {
  for await (const rows of chunks) {
    signal?.throwIfAborted()
    yield rows.map((row) => row.map(queryValue))
  }
}

import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { type TableContract, tableFolder } from '../contract.ts'
import { DeltaLog } from '../delta/log.ts'
import { lakePath } from '../delta/paths.ts'
import { columnsOf } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { sqlColumns } from '../duckdb/columns.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { quoteName, quoteText } from '../duckdb/sql.ts'
import { createView } from '../duckdb/views.ts'
import { DefinitionError } from '../errors.ts'

/** Schema of the factory's own documents: `config.routine_schemas` is one row with the JSON of `routine_schemas.yaml`. */
const documents = 'config'

export interface InputSource {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly contractOf?: (table: string) => Promise<TableContract | null>
  /** JSON text of a configuration file of the factory, which SQL reads as `config.<name>`: one row, column `document`. */
  readonly documentOf?: (name: string) => Promise<string | null>
}

export interface OpenedAt {
  /** Named in errors: the SQL file. */
  readonly where: string
  /** Snapshots that are fixed already, by table. */
  readonly pinned?: Readonly<Record<string, Snapshot>>
  /** Versions to look back to, by table. */
  readonly versions?: Readonly<Record<string, number>>
}

/** A view for each table that a SELECT names, on its newest snapshot where nothing else is asked for. */
export async function openInputs(
  source: InputSource,
  connection: DuckDBConnection,
  names: readonly string[],
  { where, pinned = {}, versions = {} }: OpenedAt,
): Promise<void> {
  const isDocument = (name: string) => name.startsWith(`${documents}.`)
  for (const name of names.filter(isDocument)) await openDocument(source, connection, name, where)
  const opened = await Promise.all(
    names
      .filter((name) => !isDocument(name))
      .map(async (name) => {
        const folder = tableFolder(name)
        const log = new DeltaLog(source.lake, source.duckdb, folder)
        const version = versions[name]
        const snapshot =
          pinned[name] ?? (version === undefined ? await log.latest() : await lookBack(log, version, where))
        return { name, folder, snapshot, contract: (await source.contractOf?.(name)) ?? null }
      }),
  )
  for (const { name, folder, snapshot, contract } of opened) {
    if (contract === null && snapshot.metadata === null) {
      throw new DefinitionError(
        `${where} reads ${name}, which is no table: the factory has no table/${name.split('.')[1] ?? name}.yaml, the lake no Delta table in ${folder}`,
      )
    }
    const columns = sqlColumns(contract?.columns ?? columnsOf(snapshot.metadata?.schemaString ?? ''))
    await createView(connection, name, { lake: source.lake, folder, snapshot, columns })
  }
}

/** A version that was asked for, with all of its files still there: `vacuum` deletes those that only old versions need. */
async function lookBack(log: DeltaLog, version: number, where: string): Promise<Snapshot> {
  const snapshot = await log.at(version).catch((error: unknown) => {
    if (error instanceof RangeError) throw new DefinitionError(`${where}: ${error.message}`, { cause: error })
    throw error
  })
  const there = new Set<string>()
  for await (const { path } of log.lake.list(log.folder)) there.add(path)
  const missing = [...snapshot.files.keys()].filter((path) => !there.has(lakePath(log.folder, path)))
  if (missing.length > 0) {
    throw new DefinitionError(
      `${where}: version ${version} of ${log.folder} can no longer be read: ${missing.length} of its ${snapshot.files.size} files ` +
        `are deleted, which vacuum does outside its window; ask for a later version (the newest is ${(await log.latest()).version})`,
    )
  }
  return snapshot
}

async function openDocument(
  source: InputSource,
  connection: DuckDBConnection,
  name: string,
  where: string,
): Promise<void> {
  const file = name.slice(documents.length + 1)
  const text = await source.documentOf?.(file)
  if (text == null) {
    throw new DefinitionError(`${where} reads ${name}, but the factory has no ${file}.yaml`)
  }
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${documents}`)
  await connection.run(
    `CREATE VIEW ${documents}.${quoteName(file)} AS SELECT CAST(${quoteText(text)} AS JSON) AS document`,
  )
}

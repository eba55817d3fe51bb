import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { type TableContract, tableContract, tableFolder } from '../../tables/contract.ts'
import { DeltaLog } from '../../tables/delta/log.ts'
import type { Snapshot } from '../../tables/delta/snapshot.ts'
import { sqlColumns } from '../../tables/duckdb/columns.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { selectFrom } from '../../tables/duckdb/views.ts'

/** A lake and a DuckDB of a test's own. */
export interface Fixture extends AsyncDisposable {
  readonly root: string
  readonly lake: LocalLake
  readonly duckdb: DuckDb
}

export async function openFixture(): Promise<Fixture> {
  const home = await mkdtemp(join(tmpdir(), 'headrace-tables-'))
  const root = join(home, 'lake')
  const lake = new LocalLake({ root })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), threads: 2, memoryLimit: '512MB' })
  return {
    root,
    lake,
    duckdb,
    async [Symbol.asyncDispose]() {
      await duckdb.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export function contractOf(
  input: Partial<TableContract> & Pick<TableContract, 'name' | 'columns'>,
): TableContract {
  return tableContract.parse({ key: [], materialization: { type: 'append' }, ...input })
}

export function logOf(fixture: Fixture, contract: TableContract): DeltaLog {
  return new DeltaLog(fixture.lake, fixture.duckdb, tableFolder(contract.name))
}

/** Rows of a table as Headrace sees them, in the order of `orderBy`; every value as DuckDB's text. */
export async function rowsOf(
  fixture: Fixture,
  contract: TableContract,
  orderBy: string,
  at?: number,
): Promise<Record<string, unknown>[]> {
  const log = logOf(fixture, contract)
  const snapshot: Snapshot = at === undefined ? await log.latest() : await log.at(at)
  const select = selectFrom({
    lake: fixture.lake,
    folder: log.folder,
    snapshot,
    columns: sqlColumns(contract.columns),
  })
  return fixture.duckdb.session(async (connection) => {
    const result = await connection.runAndReadAll(`SELECT * FROM (${select}) ORDER BY ${orderBy}`)
    return result.getRowObjectsJson()
  })
}

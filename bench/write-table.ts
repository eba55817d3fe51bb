import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { writeFiles } from '../tables/build/write-files.ts'
import { type TableContract, tableFolder } from '../tables/contract.ts'
import { commit } from '../tables/delta/commit.ts'
import { DeltaLog } from '../tables/delta/log.ts'
import { fieldsOf } from '../tables/delta/schema.ts'
import { sqlColumns } from '../tables/duckdb/columns.ts'
import type { DuckDb } from '../tables/duckdb/duckdb.ts'
import { nameList } from '../tables/duckdb/sql.ts'

/** Adds the rows of a SELECT to a table, unchecked: how a bench gets its millions of rows. Columns that the SELECT lacks are null. */
export async function writeTable(
  lake: Lake,
  duckdb: DuckDb,
  contract: TableContract,
  select: string,
): Promise<void> {
  const log = new DeltaLog(lake, duckdb, tableFolder(contract.name))
  const columns = sqlColumns(contract.columns)
  await duckdb.session(async (connection) => {
    const given = new Set(await columnsOf(connection, select))
    const picked = columns.map(({ name, sessionType }) => {
      const value = given.has(name) ? nameList([name]) : 'NULL'
      return `CAST(${value} AS ${sessionType}) AS ${nameList([name])}`
    })
    const add = await writeFiles({
      connection,
      lake,
      folder: log.folder,
      columns,
      partitionBy: contract.partitionBy,
      select: `SELECT ${picked.join(', ')} FROM (${select})`,
    })
    await commit(log, {
      table: contract.name,
      base: await log.latest(),
      fields: fieldsOf(contract.columns),
      partitionBy: contract.partitionBy,
      add,
      remove: [],
      transaction: null,
      operation: 'WRITE',
      readsTable: false,
    })
  })
}

async function columnsOf(connection: DuckDBConnection, select: string): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE (${select})`)
  return described.getRows().map(([name]) => String(name))
}

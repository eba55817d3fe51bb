import type { DuckDBConnection } from '@duckdb/node-api'
import { loadWarehouseProperties } from '../adf/activity/load-warehouse.ts'
import { tableFolder, type TableContract } from '../tables/contract.ts'
import { DeltaLog } from '../tables/delta/log.ts'
import { contractTable } from '../warehouse/contract-table.ts'
import { WarehouseConflict } from '../warehouse/errors.ts'
import type { WarehouseLoad, WarehouseLoadResult, WarehouseTable } from '../warehouse/warehouse.ts'
import type { ActivityContext, ActivityFunction, Dependencies } from './activity.ts'
import { difference, type Difference } from './load-warehouse/difference.ts'
import { noRows, streamRows } from './load-warehouse/stream-rows.ts'
import { readPlannedTable } from './planned-table.ts'
import { parseProperties } from './properties.ts'

/**
 * Brings tables of the warehouse to the newest version of their Delta tables, each in one transaction: rows that changed are
 * upserted, rows that are gone are deleted. A table that is there already is left alone, so running it again changes nothing.
 */
export const loadWarehouse: ActivityFunction = async (invocation, context, dependencies) => {
  const { tables, batch } = parseProperties(loadWarehouseProperties, invocation)
  const contracts = await Promise.all(
    tables.map((table) => readPlannedTable(dependencies.lake, invocation.resources, table)),
  )
  const targets = contracts.map((contract) => ({ contract, table: contractTable(contract) }))
  await dependencies.warehouse.migrate(targets.map(({ table }) => table))

  const loads = []
  let rows = 0
  for (const { contract, table } of targets) {
    const load = await loadTable(contract, table, batch, context, dependencies)
    loads.push({ table: contract.name, ...load })
    rows += load.rowsUpserted
    context.progress({ done: loads.length, total: targets.length, unit: 'tables', rows })
  }
  return { tables: loads }
}

async function loadTable(
  contract: TableContract,
  table: WarehouseTable,
  batch: string,
  context: ActivityContext,
  { lake, duckdb, warehouse }: Dependencies,
): Promise<WarehouseLoadResult> {
  const log = new DeltaLog(lake, duckdb, tableFolder(contract.name))
  for (;;) {
    context.signal.throwIfAborted()
    const since = await warehouse.loaded(table)
    const found = await difference(log, contract, since)
    if (found === null) return { loaded: false, rowsDeleted: 0, rowsUpserted: 0 }
    try {
      return await duckdb.session(async (connection) => {
        const { deletions, rows } = await prepareStreams(connection, contract, found, context.signal)
        return warehouse.load({ table, batch, source: found.source, since, deletions, rows })
      }, context.signal)
    } catch (error) {
      // Each lost race means that another load went through: this ends.
      if (!(error instanceof WarehouseConflict)) throw error
    }
  }
}

/**
 * A comparison is computed before the warehouse is locked for the load, as it may take its time; whole files are read while they are
 * loaded, so that nothing is held twice.
 */
async function prepareStreams(
  connection: DuckDBConnection,
  contract: TableContract,
  found: Difference,
  signal: AbortSignal,
): Promise<Pick<WarehouseLoad, 'deletions' | 'rows'>> {
  const all = contract.columns
  if (found.kind !== 'changed rows') {
    const deletions = found.kind === 'whole table' ? 'all' : noRows()
    return { deletions, rows: streamRows(connection, found.rows, all, signal) }
  }
  await connection.run(
    `CREATE TEMP TABLE gone AS ${found.deletions}; CREATE TEMP TABLE changed AS ${found.rows}`,
  )
  const key = contract.key.flatMap((name) => all.filter((column) => column.name === name))
  return {
    deletions: streamRows(connection, 'FROM gone', key, signal),
    rows: streamRows(connection, 'FROM changed', all, signal),
  }
}

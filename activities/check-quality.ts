import { checkQualityProperties } from '../adf/activity/check-quality.ts'
import type { JsonObject } from '../adf/json.ts'
import { buildTable } from '../tables/build/build-table.ts'
import type { TableContract } from '../tables/contract.ts'
import { queryTables } from '../tables/read.ts'
import type { ActivityFunction } from './activity.ts'
import { metricsSql, quarantineSql } from './check-quality/quality-sql.ts'
import { readPlannedTable } from './planned-table.ts'
import { parseProperties } from './properties.ts'

const metricsTable = 'silver.data_quality_metrics'
const quarantineTable = 'silver.quality_quarantine'

/**
 * Measures the rows that a batch wrote against their contracts: completeness, uniqueness, validity, consistency, anomalies. One row
 * a table goes to silver.data_quality_metrics, every row that breaks a rule to silver.quality_quarantine; both are builds of the batch,
 * so a second call writes nothing. Tables of the factory only; a table that is not there yet has no rows.
 */
export const checkQuality: ActivityFunction = async (invocation, context, dependencies) => {
  const { tables, batch, minimumCompleteness, processedAt } = parseProperties(
    checkQualityProperties,
    invocation,
  )
  const { lake, duckdb } = dependencies
  const { resources } = invocation
  const contractOf = (table: string): Promise<TableContract> => readPlannedTable(lake, resources, table)
  const contracts = await Promise.all([...new Set(tables)].map(contractOf))
  const builds = [
    { table: quarantineTable, sql: quarantineSql(contracts) },
    { table: metricsTable, sql: metricsSql(contracts) },
  ]
  for (const [index, { table, sql }] of builds.entries()) {
    await buildTable({
      lake,
      duckdb,
      contract: await contractOf(table),
      sql,
      contractOf,
      batch,
      parameters: { processed_at: processedAt },
      signal: context.signal,
    })
    context.progress({ done: index + 1, total: builds.length, unit: 'tables' })
  }
  const measured = await readMetrics(contracts, batch)
  const completeness = measured.flatMap((one) => (one.completeness === null ? [] : [one.completeness]))
  return {
    tables: measured,
    lowest: completeness.length === 0 ? null : Math.min(...completeness),
    belowMinimum: measured
      .filter((one) => one.completeness !== null && one.completeness < minimumCompleteness)
      .map((one) => one.table),
  }

  /** Shares from 0 to 1, null for a table without a row of the batch. */
  async function readMetrics(of: readonly TableContract[], ofBatch: string): Promise<TableQuality[]> {
    const sql = `
      SELECT table_name, completeness_pct / 100, uniqueness_pct / 100, validity_pct / 100, consistency_score,
        CAST(anomaly_count AS INTEGER), CAST(quarantined_count AS INTEGER)
      FROM ${metricsTable} WHERE batch_id = $batch`
    const found = new Map<string, TableQuality>()
    await queryTables(
      { lake, duckdb, contractOf },
      { sql, parameters: { batch: ofBatch }, signal: context.signal },
      async (result) => {
        for await (const rows of result.rows) {
          for (const [
            table,
            completeness,
            uniqueness,
            validity,
            consistency,
            anomalies,
            quarantined,
          ] of rows) {
            found.set(String(table), {
              table: String(table),
              completeness: share(completeness),
              uniqueness: share(uniqueness),
              validity: share(validity),
              consistency: share(consistency),
              anomalies: Number(anomalies),
              quarantined: Number(quarantined),
            })
          }
        }
      },
    )
    return of.flatMap(({ name }) => found.get(name) ?? [])
  }
}

interface TableQuality extends JsonObject {
  table: string
  completeness: number | null
  uniqueness: number | null
  validity: number | null
  consistency: number | null
  anomalies: number
  quarantined: number
}

function share(value: unknown): number | null {
  return value === null ? null : Number(value)
}

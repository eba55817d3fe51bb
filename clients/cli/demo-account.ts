import type { Settings } from '../../config/settings.ts'
import {
  describeTable,
  listTables,
  queryTables,
  type QueryResult,
  type TableSource,
} from '../../tables/read.ts'
import type { Place } from './connect.ts'
import type { EndedRun } from './follow.ts'
import { durationText } from './quantity.ts'
import { resultTable } from './query-text.ts'
import { overview } from './commands/tables.ts'
import { shorten, textTable } from './text-table.ts'

const width = 120
const shownRows = 5
const shownReasons = 12

/** What a person wants to see of each gold table first; tables without an entry show their first columns. */
const highlights: Readonly<Record<string, string>> = {
  'gold.qc_reporting': `SELECT report_date AS day, device_id AS device, routine_name AS routine, measurement_name AS measurement,
      measurement_unit AS unit, n, pass_rate, mean, sd, cpk
    FROM gold.qc_reporting ORDER BY n DESC, day, device, routine, measurement LIMIT ${shownRows}`,
  'gold.measurement_trends': `SELECT trend_date AS day, device_id AS device, measurement_name AS measurement, point, value, lcl, ucl,
      slope_per_day, nelson_1 AS n1, nelson_2 AS n2, nelson_3 AS n3
    FROM gold.measurement_trends ORDER BY (nelson_1 OR nelson_2 OR nelson_3) DESC, point DESC, day, device, measurement
    LIMIT ${shownRows}`,
  'gold.operator_performance': `SELECT report_date AS day, operator_name AS operator, scans, pass_rate, rescans, scans_per_hour,
      gels_used AS gels, measurement_sd_ratio AS sd_ratio, mean_confidence AS confidence
    FROM gold.operator_performance ORDER BY scans DESC, day, operator LIMIT ${shownRows}`,
}

/** The runs as a table, and where the UI shows them. */
export function runsAccount(runs: readonly EndedRun[], place: Place): string[] {
  return [
    place.ui === null
      ? 'Runs'
      : `Runs, as the Temporal UI shows them: ${place.ui}/namespaces/${place.namespace}/workflows`,
    ...textTable(
      [
        { title: 'pipeline' },
        { title: 'status' },
        { title: 'took', alignRight: true },
        { title: 'workflow id' },
      ],
      runs.map((run) => [run.pipeline, run.status, durationText(run.durationMs), run.workflowId]),
    ).map(indent),
  ]
}

export async function tablesAccount(source: TableSource): Promise<string[]> {
  const described = []
  for (const name of await listTables(source.lake)) {
    const one = await describeTable(source, name)
    if (one !== null) described.push(one)
  }
  return ['Tables', ...overview(described).map(indent)]
}

export async function goldAccount(source: TableSource): Promise<string[]> {
  const lines: string[] = []
  for (const name of (await listTables(source.lake)).filter((one) => one.startsWith('gold.'))) {
    const sql = highlights[name] ?? `SELECT * FROM ${name} LIMIT ${shownRows}`
    lines.push(name, ...(await queryTables(source, { sql }, fittingTable)).map(indent), '')
  }
  return [...lines, ...(await trainingDataAccount(source))]
}

/** The versions of the training data: Parquet files with a manifest, no Delta table. */
async function trainingDataAccount(source: TableSource): Promise<string[]> {
  const folder = 'gold/ml_training_datasets'
  const versions = (await source.lake.children(folder)).filter((one) => one.type === 'Folder')
  const lines: string[] = []
  for (const { name } of versions) {
    const files = (await source.lake.children(`${folder}/${name}`))
      .filter((one) => one.name.endsWith('.parquet') && one.size > 0)
      .map((one) => `'${source.lake.location(`${folder}/${name}/${one.name}`).replaceAll("'", "''")}'`)
    if (files.length === 0) continue
    const sql = `SELECT * FROM (SELECT scan_id, device_id AS device, split, label, measurement_count AS n,
        lowest_confidence AS confidence, heightmap_sa_mm AS sa_mm, calibration_age_days AS calibrated_days
      FROM read_parquet([${files.join(', ')}], union_by_name = true)) ORDER BY scan_id LIMIT ${shownRows}`
    const shown = await queryTables(source, { sql }, (result) => fittingTable(result))
    lines.push(`gold.ml_training_datasets, version ${name} (${files.length} files)`, ...shown.map(indent), '')
  }
  return lines
}

/** What did not get through, and why: sources that could not be read, what bronze found, rows that broke a rule. */
export async function quarantineAccount(source: TableSource): Promise<string[]> {
  const present = new Set(await listTables(source.lake))
  const parts = [
    {
      table: 'bronze.ingestion_log',
      title: 'Refused (FAILED, bytes kept in bronze/quarantine) or incomplete (PARTIAL)',
      sql: `SELECT parse_status, source_path, error_message FROM bronze.ingestion_log
        WHERE parse_status <> 'SUCCESS' ORDER BY parse_status, source_path`,
    },
    {
      table: 'bronze.validation_findings',
      title: 'Findings in bronze',
      sql: `SELECT rule, coalesce(scan_id, calibration_id) AS what,
          min(place || ' ' || message) || CASE WHEN count(*) > 1 THEN ', and ' || (count(*) - 1) || ' more' ELSE '' END
        FROM bronze.validation_findings GROUP BY rule, what ORDER BY rule, what`,
    },
    {
      table: 'silver.quality_quarantine',
      title: 'Rows that broke a rule (kept in silver.quality_quarantine)',
      sql: `SELECT rule, table_name, count(*) || ' rows, such as: ' || min(detail) FROM silver.quality_quarantine
        GROUP BY rule, table_name ORDER BY count(*) DESC, rule, table_name`,
    },
  ]
  const lines: string[] = []
  for (const { table, title, sql } of parts) {
    if (!present.has(table)) continue
    const reasons = await queryTables(source, { sql }, (result) => reasonLines(result))
    if (reasons.length > 0) lines.push(title, ...reasons.map(indent), '')
  }
  return lines
}

/** Two lines a row, so that a reason is never cut: what and where, then why. */
async function reasonLines(result: QueryResult): Promise<string[]> {
  const lines: string[] = []
  let left = 0
  for await (const rows of result.rows) {
    for (const [kind, where, why] of rows) {
      if (lines.length >= 2 * shownReasons) left += 1
      else lines.push(shorten(`${kind}  ${where}`, width - 2), shorten(`    ${why}`, width - 2))
    }
  }
  return left === 0 ? lines : [...lines, `… and ${left} more`]
}

/** As many columns as fit, each in full; says how many do not. */
async function fittingTable(result: QueryResult): Promise<readonly string[]> {
  const { lines, hidden } = await resultTable(result, shownRows, { width: width - 2, dropColumns: true })
  return hidden === 0 ? lines : [...lines, `… and ${hidden} more columns`]
}

export function placesAccount(settings: Settings, ui: string | null): string[] {
  const { home } = settings
  return [
    'Where',
    `  Lake       ${home.lake}`,
    `  Warehouse  ${home.warehouse}`,
    `  Outbox     ${home.outbox}`,
    ...(ui === null ? [] : [`  UI         ${ui}`]),
  ]
}

function indent(line: string): string {
  return `  ${line}`
}

import type { TableContract } from '../../tables/contract.ts'
import { nameList, quoteText } from '../../tables/duckdb/sql.ts'
import { batchRows, refers, type Rule, type RuleKind, rulesOf } from './rules.ts'

/** SELECT of `silver.quality_quarantine`: every row of the batch that breaks a rule, once a rule. */
export function quarantineSql(contracts: readonly TableContract[]): string {
  const findings = contracts.flatMap((contract, index) =>
    rulesOf(contract).map((rule) => findingSql(contract, rule, rowsName(index))),
  )
  const found = findings.length === 0 ? noFinding : findings.join('\nUNION ALL\n')
  return `${withRows(contracts)}
    SELECT
      hash_key($batch, table_name, rule, row_key, ordinal) AS finding_id, CAST($batch AS VARCHAR) AS batch_id, table_name, rule,
      row_key, detail, row_json, $processed_at AS created_date
    FROM (
      -- Rows with one key differ by their place among each other.
      SELECT *, row_number() OVER (PARTITION BY table_name, rule, row_key ORDER BY row_json) AS ordinal FROM (${found})
    )`
}

/** SELECT of `silver.data_quality_metrics`: one row a table. `$version_0` … are the versions of the tables, in their order. */
export function metricsSql(contracts: readonly TableContract[]): string {
  const measured = contracts.map((contract, index) => metricSql(contract, index))
  return `${withRows(contracts)}
    SELECT
      hash_key($batch, table_name) AS metric_id, CAST($processed_at AS DATE) AS measurement_date, table_name,
      CASE WHEN row_count = 0 THEN NULL WHEN cells = 0 THEN 100.0 ELSE 100.0 * (cells - missing) / cells END AS completeness_pct,
      CASE WHEN row_count = 0 THEN NULL ELSE 100.0 * (row_count - repeated) / row_count END AS uniqueness_pct,
      CASE WHEN row_count = 0 THEN NULL ELSE 100.0 * (row_count - invalid) / row_count END AS validity_pct,
      CASE WHEN row_count = 0 THEN NULL WHEN refs = 0 THEN 1.0 ELSE 1.0 * (refs - dangling) / refs END AS consistency_score,
      anomalies AS anomaly_count, $processed_at AS created_date, row_count, findings AS quarantined_count, table_version,
      CAST($batch AS VARCHAR) AS batch_id
    FROM (${measured.join('\nUNION ALL\n')})`
}

const noFinding = `SELECT '' AS table_name, '' AS rule, '' AS row_key, '' AS detail, '' AS row_json WHERE false`

function rowsName(index: number): string {
  return `rows_${index}`
}

function withRows(contracts: readonly TableContract[]): string {
  if (contracts.length === 0) return ''
  const parts = contracts.map(
    (contract, index) => `${rowsName(index)} AS MATERIALIZED (${batchRows(contract)})`,
  )
  return `WITH ${parts.join(', ')}`
}

function findingSql(contract: TableContract, rule: Rule, rows: string): string {
  const names = contract.columns.map((column) => column.name)
  const key = contract.key.length === 0 ? names : contract.key
  return `SELECT ${quoteText(contract.name)} AS table_name, ${quoteText(rule.name)} AS rule, ${jsonOf(key)} AS row_key,
      ${rule.detail} AS detail, ${jsonOf(names)} AS row_json
    FROM ${rows} AS t WHERE ${rule.broken}`
}

function jsonOf(names: readonly string[]): string {
  const parts = names.flatMap((name) => [quoteText(name), nameList([name], 't')])
  return `CAST(json_object(${parts.join(', ')}) AS VARCHAR)`
}

function metricSql(contract: TableContract, index: number): string {
  const rules = rulesOf(contract)
  const conditions = (kind: RuleKind) => rules.filter((rule) => rule.kind === kind).map((rule) => rule.broken)
  /** Number of breaches: a row that breaks two rules counts twice. */
  const breaches = (broken: readonly string[]) =>
    broken.length === 0 ? '0' : broken.map((one) => `count(*) FILTER (WHERE ${one})`).join(' + ')
  /** Number of rows with any breach. */
  const rowsWith = (broken: readonly string[]) =>
    broken.length === 0 ? '0' : `count(*) FILTER (WHERE ${broken.map((one) => `(${one})`).join(' OR ')})`
  const references = contract.foreignKeys.map(({ columns }) => refers(columns))
  return `SELECT
      ${quoteText(contract.name)} AS table_name, count(*) AS row_count,
      count(*) * ${contract.requiredColumns.length} AS cells, ${breaches(conditions('complete'))} AS missing,
      ${rowsWith(conditions('unique'))} AS repeated, ${rowsWith(conditions('valid'))} AS invalid,
      ${breaches(references)} AS refs, ${breaches(conditions('consistent'))} AS dangling,
      ${breaches(conditions('anomaly'))} AS anomalies, ${breaches(rules.map((rule) => rule.broken))} AS findings,
      $version_${index} AS table_version
    FROM ${rowsName(index)} AS t`
}

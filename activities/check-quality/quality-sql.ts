import type { TableContract } from '../../tables/contract.ts'
import { nameList, quoteText } from '../../tables/duckdb/sql.ts'
import { batchRows, refers, type RuleKind, rulesOf } from './rules.ts'

/** SELECT of `silver.quality_quarantine`: every row of the batch that breaks a rule, once a rule. */
export function quarantineSql(contracts: readonly TableContract[]): string {
  const found = contracts.map(findingsSql).join('\nUNION ALL\n')
  return `
    SELECT
      hash_key($batch, table_name, rule, row_key, ordinal) AS finding_id, CAST($batch AS VARCHAR) AS batch_id, table_name, rule,
      row_key, detail, row_json, $processed_at AS created_date
    FROM (
      -- Rows with one key differ by their place among each other.
      SELECT *, row_number() OVER (PARTITION BY table_name, rule, row_key ORDER BY row_json) AS ordinal
      FROM (${found === '' ? noFinding : found})
    )`
}

/** SELECT of `silver.data_quality_metrics`: one row a table. */
export function metricsSql(contracts: readonly TableContract[]): string {
  const measured = contracts.map(metricSql)
  return `
    SELECT
      hash_key($batch, table_name) AS metric_id, CAST($processed_at AS DATE) AS measurement_date, table_name,
      CASE WHEN row_count = 0 THEN NULL WHEN cells = 0 THEN 100.0 ELSE 100.0 * (cells - missing) / cells END AS completeness_pct,
      CASE WHEN row_count = 0 THEN NULL ELSE 100.0 * (row_count - repeated) / row_count END AS uniqueness_pct,
      CASE WHEN row_count = 0 THEN NULL ELSE 100.0 * (row_count - invalid) / row_count END AS validity_pct,
      CASE WHEN row_count = 0 THEN NULL WHEN refs = 0 THEN 1.0 ELSE 1.0 * (refs - dangling) / refs END AS consistency_score,
      anomalies AS anomaly_count, $processed_at AS created_date, row_count, findings AS quarantined_count,
      CAST($batch AS VARCHAR) AS batch_id
    FROM (${measured.join('\nUNION ALL\n')})`
}

const noFinding = `SELECT '' AS table_name, '' AS rule, '' AS row_key, '' AS detail, '' AS row_json WHERE false`

/** The batch's rows with one boolean a rule, `_broken_0` …: each condition is worked out once, in one pass. */
function judgedRows(contract: TableContract): string {
  const broken = rulesOf(contract).map(
    (rule, index) => `, coalesce(${rule.broken}, false) AS _broken_${index}`,
  )
  return `SELECT t.*${broken.join('')} FROM (${batchRows(contract)}) AS t`
}

function findingsSql(contract: TableContract): string {
  const rules = rulesOf(contract)
  if (rules.length === 0) return noFinding
  const names = contract.columns.map((column) => column.name)
  const key = contract.key.length === 0 ? names : contract.key
  const found = rules.map(
    ({ name, detail }, index) =>
      `CASE WHEN t._broken_${index} THEN {'rule': ${quoteText(name)}, 'detail': ${detail}} END`,
  )
  return `SELECT table_name, found.rule AS rule, row_key, found.detail AS detail, row_json
    FROM (
      SELECT ${quoteText(contract.name)} AS table_name, ${jsonOf(key)} AS row_key, ${jsonOf(names)} AS row_json,
        unnest([${found.join(', ')}]) AS found
      FROM (${judgedRows(contract)}) AS t
      WHERE ${rules.map((_, index) => `t._broken_${index}`).join(' OR ')}
    )
    WHERE found IS NOT NULL`
}

function jsonOf(names: readonly string[]): string {
  const parts = names.flatMap((name) => [quoteText(name), nameList([name], 't')])
  return `CAST(json_object(${parts.join(', ')}) AS VARCHAR)`
}

function metricSql(contract: TableContract): string {
  const rules = rulesOf(contract)
  const flags = (kinds: readonly RuleKind[]) =>
    rules.flatMap((rule, place) => (kinds.includes(rule.kind) ? [`t._broken_${place}`] : []))
  /** Number of times: a row for which two conditions hold counts twice. */
  const times = (conditions: readonly string[]) =>
    conditions.length === 0 ? '0' : conditions.map((one) => `count(*) FILTER (WHERE ${one})`).join(' + ')
  const rowsWith = (conditions: readonly string[]) =>
    conditions.length === 0 ? '0' : `count(*) FILTER (WHERE ${conditions.join(' OR ')})`
  return `SELECT
      ${quoteText(contract.name)} AS table_name, count(*) AS row_count,
      count(*) * ${contract.requiredColumns.length} AS cells, ${times(flags(['complete']))} AS missing,
      ${rowsWith(flags(['unique']))} AS repeated, ${rowsWith(flags(['valid']))} AS invalid,
      ${times(contract.foreignKeys.map(({ columns }) => refers(columns)))} AS refs, ${times(flags(['consistent']))} AS dangling,
      ${times(flags(['anomaly']))} AS anomalies,
      ${times(flags(['complete', 'unique', 'valid', 'consistent', 'anomaly']))} AS findings
    FROM (${judgedRows(contract)}) AS t`
}

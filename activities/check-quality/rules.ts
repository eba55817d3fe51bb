import type { TableContract } from '../../tables/contract.ts'
import { nameList, quoteName, quoteText } from '../../tables/duckdb/sql.ts'

export type RuleKind = 'complete' | 'unique' | 'valid' | 'consistent' | 'anomaly'

/** One thing that a row can break. Conditions and details read the batch's rows under the alias `t`. */
export interface Rule {
  readonly kind: RuleKind
  /** `valid.confidence.in_range` */
  readonly name: string
  /** Condition of a row that breaks it. */
  readonly broken: string
  /** SQL text that says what is wrong, with the value. */
  readonly detail: string
}

/** Beyond this robust z-score a value is an anomaly (Iglewicz and Hoaglin). */
export const anomalyLimit = 3.5
/** Fewer values say nothing about what is usual. */
const anomalyGroup = 5

/** Every rule of a contract: required columns, key, checks, foreign keys, anomalies. */
export function rulesOf(contract: TableContract): Rule[] {
  return [
    ...contract.requiredColumns.map((column) => ({
      kind: 'complete' as const,
      name: `complete.${column}`,
      broken: `t.${quoteName(column)} IS NULL`,
      detail: quoteText(`${column} has no value`),
    })),
    ...uniqueRule(contract),
    ...contract.checks.map(({ id, sql }) => ({
      kind: 'valid' as const,
      name: `valid.${id}`,
      broken: `NOT coalesce((${sql}\n), true)`,
      detail: quoteText(`does not hold: ${sql}`),
    })),
    ...contract.foreignKeys.map(consistentRule),
    ...anomalyRule(contract),
  ]
}

function uniqueRule({ name, key }: TableContract): Rule[] {
  if (key.length === 0) return []
  const keys = nameList(key)
  return [
    {
      kind: 'unique',
      name: `unique.${key.join('+')}`,
      broken: `(${nameList(key, 't')}) IN (SELECT (${keys}) FROM ${name} GROUP BY ${keys} HAVING count(*) > 1)`,
      detail: quoteText(`other rows have the same ${key.join(', ')}`),
    },
  ]
}

/** A key that is null refers to nothing. Negative surrogate keys are the unknown members: -1 has no row. */
function consistentRule({ columns, table, references }: TableContract['foreignKeys'][number]): Rule {
  const same = columns.map((column, i) => `r.${quoteName(references[i] ?? column)} = t.${quoteName(column)}`)
  return {
    kind: 'consistent',
    name: `consistent.${columns.join('+')}`,
    broken: `${refers(columns)} AND NOT EXISTS (SELECT 1 FROM ${table} AS r WHERE ${same.join(' AND ')})`,
    detail: `${quoteText(`no row of ${table} has ${columns.join(', ')} `)} || concat_ws(', ', ${nameList(columns, 't')})`,
  }
}

/** Condition under which a row refers to another table at all. */
export function refers(columns: readonly string[]): string {
  const there = columns.map((column) => {
    const value = `t.${quoteName(column)}`
    return `${value} IS NOT NULL AND (typeof(${value}) <> 'BIGINT' OR TRY_CAST(${value} AS BIGINT) >= 0)`
  })
  return `(${there.join(' AND ')})`
}

function anomalyRule({ anomalies }: TableContract): Rule[] {
  if (anomalies === undefined) return []
  return [
    {
      kind: 'anomaly',
      name: 'anomaly.robust_z',
      broken: `abs(t._robust_z) > ${anomalyLimit}`,
      detail: `${quoteText(`${anomalies.value} is `)} || t.${quoteName(anomalies.value)} || ', robust z-score ' || round(t._robust_z, 2)`,
    },
  ]
}

/**
 * The batch's rows of a table, with `_robust_z` where the contract watches a column: 0.6745 (x - median) / MAD over all rows of the
 * table in the same group; where more than half of them are equal (MAD 0), (x - median) / (1.2533 mean absolute deviation).
 */
export function batchRows(contract: TableContract): string {
  const ofBatch = contract.columns.some((column) => column.name === 'batch_id')
    ? 'WHERE t.batch_id = $batch'
    : ''
  const { anomalies, name } = contract
  if (anomalies === undefined) return `SELECT t.* FROM ${name} AS t ${ofBatch}`
  const value = quoteName(anomalies.value)
  const within = nameList(anomalies.within)
  const same = (left: string, right: string) =>
    anomalies.within
      .map((column) => `${left}.${quoteName(column)} IS NOT DISTINCT FROM ${right}.${quoteName(column)}`)
      .join(' AND ')
  // Groups of the batch only, but all their values.
  return `
    SELECT t.*, CASE
        WHEN g._values < ${anomalyGroup} THEN NULL
        WHEN g._mad > 0 THEN 0.6745 * (t.${value} - g._median) / g._mad
        WHEN g._mean_deviation > 0 THEN (t.${value} - g._median) / (1.2533 * g._mean_deviation)
      END AS _robust_z
    FROM ${name} AS t
    LEFT JOIN (
      SELECT ${nameList(anomalies.within, 'm')}, count(*) AS _values, any_value(m._median) AS _median,
        median(abs(v.${value} - m._median)) AS _mad, sorted_avg(abs(v.${value} - m._median)) AS _mean_deviation
      FROM ${name} AS v
      JOIN (
        SELECT ${within}, median(${value}) AS _median
        FROM ${name} AS o
        WHERE isfinite(${value}) AND EXISTS (SELECT 1 FROM ${name} AS t ${ofBatch === '' ? 'WHERE' : `${ofBatch} AND`} ${same('t', 'o')})
        GROUP BY ${within}
      ) AS m ON ${same('m', 'v')}
      WHERE isfinite(v.${value})
      GROUP BY ${nameList(anomalies.within, 'm')}
    ) AS g ON ${same('g', 't')}
    ${ofBatch}`
}

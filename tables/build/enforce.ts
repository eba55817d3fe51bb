import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import type { TableContract } from '../contract.ts'
import { nameList, quoteName, quoteText } from '../duckdb/sql.ts'
import { DataError } from '../errors.ts'
import { explained } from './sql-error.ts'

interface Rule {
  readonly id: string
  /** True for a row that breaks it. */
  readonly broken: string
  readonly severity: 'error' | 'warn'
}

export interface Warning {
  readonly rule: string
  readonly rows: number
}

export interface Enforcement {
  readonly connection: DuckDBConnection
  readonly lake: Lake
  readonly contract: TableContract
  readonly contractFile: string
  readonly batch: string
}

/**
 * Holds the rows of the view `staged` against the contract: not-null columns, unique key, checks (a check that is null for a row
 * counts as kept, as in SQL). Rows that break an error rule are written, all of them with their reasons, to
 * `{layer}/_rejected/{table}/{batch}-….parquet`; then a DataError names the rules. Warnings are answered.
 */
export async function enforce(input: Enforcement): Promise<Warning[]> {
  const rules = rulesOf(input.contract)
  const counts = await count(input, rules)
  const broken = rules.filter((rule) => rule.severity === 'error' && (counts.get(rule.id) ?? 0) > 0)
  if (broken.length > 0) {
    const path = await keepRejected(input, broken)
    const lines = broken.map((rule) => `${rule.id}: ${counts.get(rule.id)} rows`)
    throw new DataError(
      `${input.contract.name} batch ${input.batch}: nothing was committed, rows break ${lines.join('; ')}. Every row with its reasons: ${path}`,
    )
  }
  return rules
    .filter((rule) => (counts.get(rule.id) ?? 0) > 0)
    .map((rule) => ({ rule: rule.id, rows: counts.get(rule.id) ?? 0 }))
}

function rulesOf(contract: TableContract): Rule[] {
  const notNull = new Set([
    ...contract.key,
    ...contract.columns.filter((column) => !column.nullable).map((column) => column.name),
  ])
  return [
    ...[...notNull].map((name) => ({
      id: `not_null.${name}`,
      broken: `${quoteName(name)} IS NULL`,
      severity: 'error' as const,
    })),
    ...(contract.key.length === 0
      ? []
      : [{ id: 'unique_key', broken: '_key_count > 1', severity: 'error' as const }]),
    ...contract.checks.map(({ id, sql, severity }) => ({
      id,
      broken: `NOT coalesce((${sql}), true)`,
      severity,
    })),
  ]
}

/** `staged` with the number of rows that share a row's key; without the window where nobody asks. */
function source(contract: TableContract): string {
  return contract.key.length === 0
    ? 'staged'
    : `(SELECT *, count(*) OVER (PARTITION BY ${nameList(contract.key)}) AS _key_count FROM staged)`
}

async function count(
  { connection, contract, contractFile }: Enforcement,
  rules: Rule[],
): Promise<Map<string, number>> {
  if (rules.length === 0) return new Map()
  const plain = rules.filter((rule) => rule.id !== 'unique_key')
  const counts = new Map<string, number>()
  if (plain.length > 0) {
    const sums = plain.map((rule) => `count(*) FILTER (WHERE ${rule.broken}\n)`)
    const found = await explained(`${contractFile} checks`, async () =>
      connection.runAndReadAll(`SELECT ${sums.join(', ')} FROM staged`),
    )
    for (const [index, rule] of plain.entries()) counts.set(rule.id, Number(found.getRows()[0]?.[index]))
  }
  if (contract.key.length > 0) {
    const keys = nameList(contract.key)
    const found = await connection.runAndReadAll(
      `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM staged GROUP BY ${keys} HAVING count(*) > 1)`,
    )
    counts.set('unique_key', Number(found.getRows()[0]?.[0]))
  }
  return counts
}

async function keepRejected(input: Enforcement, broken: Rule[]): Promise<string> {
  const { connection, lake, contract, batch } = input
  const [layer = '', table = ''] = contract.name.split('.')
  const local = join(await lake.scratch(), `rejected-${randomUUID()}.parquet`)
  const path = `${layer}/_rejected/${table}/${batch.replaceAll(/[^A-Za-z0-9.-]/g, '_')}-${randomUUID()}.parquet`
  const reasons = broken.map((rule) => `CASE WHEN ${rule.broken}\nTHEN ${quoteText(rule.id)} END`)
  try {
    await connection.run(
      `COPY (SELECT * FROM (SELECT concat_ws(', ', ${reasons.join(', ')}) AS _rules, * FROM ${source(contract)}) WHERE _rules <> '')
       TO ${quoteText(local)} (FORMAT parquet, COMPRESSION zstd)`,
    )
    await lake.createFromFile(path, local)
    return path
  } finally {
    await rm(local, { force: true })
  }
}

import { stat } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import { withTables } from '../../tables/read.ts'

export interface Built {
  /** As before the build. */
  readonly base: Lake
  readonly built: Lake
  readonly duckdb: DuckDb
  /** What bare SQL wrote: a Parquet file, or a folder of them. */
  readonly bareOutput: string
}

/** The merged table holds exactly the rows that bare SQL wrote. */
export async function refuseDifference({ built, duckdb, bareOutput }: Built): Promise<void> {
  await compare(built, duckdb, 'silver.measured', bareOutput)
}

/**
 * The histories are those that bare SQL wrote and those of a naive replay in JavaScript, which puts all observations of a key in order
 * one by one; each change begins a version.
 */
export async function refuseLostChange({ base, built, duckdb, bareOutput }: Built): Promise<void> {
  await compare(built, duckdb, 'silver.dim_measured', bareOutput)
  const observed: Observation[] = []
  const contents = new Set<bigint>()
  await withTables({ lake: base, duckdb }, ['silver.dim_measured', 'bronze.changes'], async (connection) => {
    const rows = (from: string) => `SELECT calibration_id, epoch_us(effective_date), content FROM ${from}`
    for await (const [key, time, content] of stream(connection, rows('silver.dim_measured')))
      observed.push({ key: String(key), time: BigInt(String(time)), content: BigInt(String(content)) })
    for await (const [key, time, content] of stream(connection, rows('bronze.changes'))) {
      observed.push({ key: String(key), time: BigInt(String(time)), content: BigInt(String(content)) })
      contents.add(BigInt(String(content)))
    }
  })
  const expected = replay(observed)
  let found = 0
  await withTables({ lake: built, duckdb }, ['silver.dim_measured'], async (connection) => {
    const rows = `SELECT calibration_id, epoch_us(effective_date), epoch_us(end_date), content, version, is_current FROM silver.dim_measured`
    for await (const [key, start, end, content, version, isCurrent] of stream(connection, rows)) {
      found += 1
      const line = [start, end, content, version, isCurrent].map(String).join(' ')
      if (expected.get(`${String(key)} ${String(start)}`) !== line)
        throw new Error(
          `silver.dim_measured holds ${String(key)} ${line}; a replay gives ${expected.get(`${String(key)} ${String(start)}`)}`,
        )
      contents.delete(BigInt(String(content)))
    }
  })
  if (found !== expected.size || contents.size > 0)
    throw new Error(
      `silver.dim_measured has ${found} versions of ${expected.size}; ${contents.size} changes are lost`,
    )
  console.log(`  ${found} versions are those of a naive replay, no change is lost`)
}

interface Observation {
  readonly key: string
  readonly time: bigint
  readonly content: bigint
}

/** `key start` → the version that begins there. */
function replay(observed: readonly Observation[]): Map<string, string> {
  const versions = new Map<string, string>()
  for (const [key, ofKey] of Map.groupBy(observed, (one) => one.key)) {
    const inOrder = ofKey.toSorted((a, b) => (a.time < b.time ? -1 : 1))
    const starts = inOrder.filter(({ content }, index) => content !== inOrder[index - 1]?.content)
    for (const [index, { time, content }] of starts.entries()) {
      const end = starts[index + 1]?.time ?? null
      versions.set(`${key} ${time}`, [time, end, content, index + 1, end === null].map(String).join(' '))
    }
  }
  return versions
}

async function compare(lake: Lake, duckdb: DuckDb, table: string, bareOutput: string): Promise<void> {
  const files = (await stat(bareOutput)).isDirectory() ? `${bareOutput}/**/*.parquet` : bareOutput
  await withTables({ lake, duckdb }, [table], async (connection) => {
    const described = await connection.runAndReadAll(`DESCRIBE ${table}`)
    const columns = described.getRows().map(([name, type]) => `CAST("${String(name)}" AS ${String(type)})`)
    const fingerprint = async (from: string) => {
      const found = await connection.runAndReadAll(
        `SELECT count(*), sum(CAST(hash(${columns.join(', ')}) AS HUGEINT)) FROM ${from}`,
      )
      return found.getRows()[0]?.map(String).join(' rows, hash ')
    }
    const [mine, bare] = [
      await fingerprint(table),
      await fingerprint(`read_parquet('${files}', hive_partitioning = false)`),
    ]
    if (mine !== bare) throw new Error(`${table} holds ${mine}; bare SQL wrote ${bare}`)
    console.log(`  ${mine}: the same rows on both sides`)
  })
}

async function* stream(connection: DuckDBConnection, sql: string) {
  for await (const rows of (await connection.stream(sql)).yieldRows()) yield* rows
}

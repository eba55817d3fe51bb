import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalLake } from '../lake/local/local-lake.ts'
import { openDuckDb } from '../tables/duckdb/open.ts'
import { goldTable, trainingData } from './gold/builds.ts'
import { batches, writeDay, writeHistory } from './gold/two-years.ts'
import { processorTime, Report, size, timed } from './report.ts'
import { copyOfLake } from './silver/lake-copies.ts'

/**
 * What does gold cost beside the same SELECTs in bare DuckDB, which write one Parquet file each, over two years of measurements, and what
 * the day after? `npm run bench:gold -- [--rows 10000000] [--rounds 3] [--memory 2]`. Both in one process with one DuckDB of `--memory` GB.
 */
const rows = size('rows', 10_000_000)
const rounds = size('rounds', 3)
const memory = size('memory', 2)
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), threads: 2, memoryLimit: `${memory}GB` })
const report = new Report('gold', { rows, rounds, 'GB for DuckDB': memory })
const builds = [
  ...['gold.qc_reporting', 'gold.measurement_trends', 'gold.operator_performance'].map((table) =>
    goldTable(duckdb, table),
  ),
  trainingData(duckdb),
]

try {
  const history = join(home, 'history')
  await writeHistory({ lake: new LocalLake({ root: history }), duckdb, rows })
  const built = await measure(batches.history, history, 'two years', 1.25)
  await writeDay({ lake: new LocalLake({ root: built }), duckdb, rows })
  await measure(batches.day, built, 'the day after')
  report.figure('resident memory of both', process.memoryUsage.rss() / 1e6, 'MB')
} finally {
  await duckdb.close()
  await rm(home, { recursive: true, force: true })
}
report.end()

/** Each build beside its SELECT, in turns. Answers the lake that the last round left. */
async function measure(batch: string, from: string, title: string, target?: number): Promise<string> {
  const times = builds.map(() => ({ limit: [] as number[], measured: [] as number[] }))
  const cpu: Record<'limit' | 'measured', number[]> = { limit: [], measured: [] }
  let copy = ''
  let done = builds.map(() => ({ rows: 0, changed: 0 }))
  for (let round = -1; round < rounds; round += 1) {
    if (copy !== '') await rm(copy, { recursive: true })
    copy = join(home, `${batch} ${round}`)
    const lake = await copyOfLake(from, copy)
    done = []
    const used = { limit: 0, measured: 0 }
    for (const [index, one] of builds.entries()) {
      const start = processorTime()
      const limit = await timed(() => one.bare(lake, batch, join(home, 'bare.parquet')))
      const between = processorTime()
      const measured = await timed(async () => done.push(await one.build(lake, batch)))
      used.limit += between - start
      used.measured += processorTime() - between
      if (round < 0) continue
      times[index]?.limit.push(limit)
      times[index]?.measured.push(measured)
    }
    if (round < 0) continue
    cpu.limit.push(used.limit)
    cpu.measured.push(used.measured)
  }
  for (const [index, { name }] of builds.entries()) {
    const { limit = [], measured = [] } = times[index] ?? {}
    report.compared(
      `${title}, ${name} (${done[index]?.changed} of ${done[index]?.rows} rows written)`,
      limit,
      measured,
    )
  }
  const sum = (of: 'limit' | 'measured', count: number) =>
    Array.from({ length: rounds }, (_, round) =>
      times.slice(0, count).reduce((total, one) => total + (one[of][round] ?? 0), 0),
    )
  report.compared(`${title}, all four`, sum('limit', 4), sum('measured', 4), target)
  report.compared('  the same by processor time', cpu.limit, cpu.measured)
  report.compared(`${title}, the three tables`, sum('limit', 3), sum('measured', 3))
  return copy
}

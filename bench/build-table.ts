import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { LocalLake } from '../lake/local/local-lake.ts'
import { buildTable } from '../tables/build/build-table.ts'
import { tableContract } from '../tables/contract.ts'
import { openDuckDb } from '../tables/duckdb/open.ts'

/**
 * What does a build cost beside the same SQL in bare DuckDB? `node bench/build-table.ts [rows]`. The bare run is a COPY of the SELECT to
 * one Parquet file; a build adds staging, the contract, the comparison with the table and the commit.
 */
const rows = Number(process.argv[2] ?? 1_000_000)
const memoryLimit = '1GB'
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const lake = new LocalLake({ root: join(home, 'lake') })
const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), memoryLimit, threads: 2 })

const columns = [
  { name: 'measurement_id', type: 'bigint', nullable: false },
  { name: 'scan_id', type: 'string', nullable: false },
  { name: 'month', type: 'int' },
  { name: 'value', type: 'double' },
  { name: 'unit', type: 'string' },
  { name: 'processed_date', type: 'timestamp' },
]
const contract = tableContract.parse({
  name: 'silver.measured',
  columns,
  key: ['measurement_id'],
  partitionBy: ['month'],
  materialization: { type: 'merge', replaceBy: ['scan_id'] },
})

const select = (from: number, count: number, add: number) => `
  SELECT hash_key(i) AS measurement_id, 'scan-' || (i // 50) AS scan_id, CAST(i // ${Math.ceil(rows / 6)} AS INTEGER) AS month,
    i * 1.5 + ${add} AS value, 'mm' AS unit, make_timestamp(1700000000000000 + i * 1000) AS processed_date
  FROM range(${from}, ${from + count}) AS t(i)`

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

let batch = 0
const bare = (from: number, count: number) =>
  timed(async () =>
    duckdb.session(async (connection) => {
      const file = join(home, `bare-${++batch}.parquet`)
      await connection.run(
        `COPY (${select(from, count, batch)}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
      )
    }),
  )
const build = (from: number, count: number, add: number) =>
  timed(async () =>
    buildTable({
      lake,
      duckdb,
      contract,
      sql: select(from, count, add),
      batch: `${++batch}`,
      parameters: {},
      contractOf: async () => null,
    }),
  )

const share = Math.ceil(rows / 100)
const cases: [string, () => Promise<number>, () => Promise<number>][] = [
  [`first build of ${rows} rows`, () => bare(0, rows), () => build(0, rows, 0)],
  [`merge of ${share} changed rows`, () => bare(0, share), () => build(0, share, 1)],
  [`merge of ${share} equal rows`, () => bare(0, share), () => build(0, share, 1)],
  [`merge of ${share} new rows`, () => bare(rows, share), () => build(rows, share, 0)],
  [`merge of ${rows} changed rows`, () => bare(0, rows), () => build(0, rows, 2)],
]

const [cpu] = cpus()
console.log(
  `node ${process.version}, ${cpu?.model ?? 'cpu'} x ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB; DuckDB ${memoryLimit}, 2 threads`,
)
try {
  await bare(0, share)
  for (const [title, limit, measured] of cases) {
    const [low, high] = [await limit(), await measured()]
    const resident = Math.round(process.memoryUsage.rss() / 1e6)
    console.log(
      `${title}: bare ${low.toFixed(0)} ms, build ${high.toFixed(0)} ms, ratio ${(high / low).toFixed(1)}, resident ${resident} MB`,
    )
  }
} finally {
  await duckdb.close()
  await rm(home, { recursive: true, force: true })
}

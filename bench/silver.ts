import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalLake } from '../lake/local/local-lake.ts'
import { buildTable } from '../tables/build/build-table.ts'
import { openDuckDb } from '../tables/duckdb/open.ts'
import type { TableContract } from '../tables/contract.ts'
import { Report, size, timed } from './report.ts'
import { bareHistories, bareMerge } from './silver/bare-sql.ts'
import { copyOfLake } from './silver/lake-copies.ts'
import { incoming, measured, measurements } from './silver/measurements.ts'
import { refuseDifference, refuseLostChange } from './silver/verify.ts'
import { changes, dimension, firstVersions, newChanges, selected } from './silver/versions.ts'
import { writeTable } from './write-table.ts'

/**
 * What does a build of silver cost beside bare DuckDB, which computes the same rows with hand-written SQL from the same Parquet files and
 * writes the same Parquet? `npm run bench:silver -- [--rows 10000000] [--rounds 3] [--memory 2] [--only SCD]`: a tenth of the rows is
 * merged into them, a tenth in versions is changed in an SCD 2 dimension. Both in one process with one DuckDB of `--memory` GB.
 */
const rows = size('rows', 10_000_000)
const rounds = size('rounds', 3)
const memory = size('memory', 2)
const batch = Math.ceil(rows / 10)
const keys = Math.ceil(rows / 100)
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const base = new LocalLake({ root: join(home, 'base') })
const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), threads: 2, memoryLimit: `${memory}GB` })
const report = new Report('silver', {
  rows,
  merged: batch,
  keys,
  changes: keys,
  'GB for DuckDB': memory,
  rounds,
})

const cases = [
  {
    title: `${batch} measurements into ${rows} in 24 months`,
    target: 1.6,
    contract: measured,
    sql: 'SELECT * FROM bronze.incoming',
    prepare: async () => {
      await write(measured, measurements(`SELECT i FROM range(${rows}) t(i)`, rows, 1))
      // Half of them change rows, half are new, over all months.
      const numbers = `SELECT i * 10 + CASE WHEN i % 2 = 0 THEN 0 ELSE ${rows} END AS i FROM range(${batch}) t(i)`
      await write(incoming, measurements(numbers, rows, 2))
    },
    bare: bareMerge,
    verify: refuseDifference,
  },
  {
    title: `SCD 2: ${keys} changes into ${keys} keys with ${keys * 10} versions`,
    target: 2,
    contract: dimension,
    sql: selected,
    prepare: async () => {
      await write(changes, firstVersions(keys))
      await build(base, dimension, selected, 'first')
      await base.deleteFolder('bronze')
      await write(changes, newChanges(keys, keys))
    },
    bare: bareHistories,
    verify: refuseLostChange,
  },
]

try {
  for (const { title, target, contract, sql, prepare, bare, verify } of cases) {
    if (!report.wants(title)) continue
    await prepare()
    const bareOutput = join(home, 'bare')
    let copy = ''
    await report.compare(title, {
      rounds,
      target,
      inProcess: true,
      limit: async () => {
        await rm(bareOutput, { recursive: true, force: true })
        return timed(() => bare(base, duckdb, bareOutput))
      },
      measured: async (round) => {
        if (copy !== '') await rm(copy, { recursive: true })
        copy = join(home, `${contract.name} ${round}`)
        const lake = await copyOfLake(base.location(''), copy)
        return timed(() => build(lake, contract, sql, 'second'))
      },
    })
    await verify({ base, built: new LocalLake({ root: copy }), duckdb, bareOutput })
    report.figure('  resident memory of both', process.memoryUsage.rss() / 1e6, 'MB')
    await rm(copy, { recursive: true })
    for (const layer of ['bronze', 'silver']) await base.deleteFolder(layer)
  }
} finally {
  await duckdb.close()
  await rm(home, { recursive: true, force: true })
}
report.end()

async function write(contract: TableContract, select: string): Promise<void> {
  await writeTable(base, duckdb, contract, select)
}

async function build(lake: LocalLake, contract: TableContract, sql: string, name: string): Promise<void> {
  const contractOf = async (table: string) =>
    [measured, incoming, dimension, changes].find((one) => one.name === table) ?? null
  const built = await buildTable({ lake, duckdb, contract, sql, batch: name, parameters: {}, contractOf })
  if (!built.committed) throw new Error(`${contract.name} was not built`)
}

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metricsSql, quarantineSql } from '../../../activities/check-quality/quality-sql.ts'
import { createRandom } from '../../../formats/gelsight/make/random.ts'
import { openInputs } from '../../../tables/build/inputs.ts'
import { bindParameters } from '../../../tables/build/parameters.ts'
import { parseSelect } from '../../../tables/build/parse.ts'
import { quoteText } from '../../../tables/duckdb/sql.ts'
import { openDuckDb } from '../../../tables/duckdb/open.ts'
import { type GelsightTables, openGelsightTables } from './gelsight-tables.ts'
import { type Point, addSeries, day } from './series.ts'

/**
 * A rebuild, a run that was killed and a worker with more cores read the same rows from other files in another order. What a SELECT of
 * the factory gives must be the same to the last bit: so each runs over inputs whose rows and files are shuffled, with one thread and two.
 */
const factory = join(import.meta.dirname, '../../../factories/gelsight')
const sqlFiles = [
  ...(await readdir(join(factory, 'table')))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => `table/${name}`),
  'ml/training_dataset.sql',
].toSorted()
const batch = 'b1'
const arrangements = [1, 2, 3, 4].map((seed) => ({
  seed,
  threads: 1 + (seed % 2),
  files: seed,
}))

let tables: GelsightTables
let scratch: string

beforeAll(async () => {
  tables = await openGelsightTables()
  scratch = await mkdtemp(join(tmpdir(), 'headrace-order-'))
  await addSeries(tables, batch, points())
  for (const table of ['qc_reporting', 'measurement_trends', 'operator_performance']) {
    await tables.build(`gold.${table}`, batch)
  }
})

afterAll(async () => {
  await tables[Symbol.asyncDispose]()
  await rm(scratch, { recursive: true, force: true })
})

/** Thirty days of two devices and three operators, with many values a day and scores of all kinds. */
function points(): Point[] {
  const random = createRandom(7)
  return Array.from({ length: 1200 }, (_, i) => ({
    value: 1 + random.normal() / 7,
    at: `${day(i % 30)}T${String(6 + random.integer(12)).padStart(2, '0')}:${String(random.integer(60)).padStart(2, '0')}:00Z`,
    scan: {
      device_id: random.pick(['00020015', '00020016']),
      operator_name: random.pick(['ada', 'bob', null]),
      gel_id: random.pick(['G-1', 'G-2']),
      gel_use_count: random.integer(5000),
      is_aligned: random.pick([true, false, null]),
    },
    result: {
      passed_analysis: random.pick([true, true, false, null]),
      is_debug: random.pick([false, false, null]),
    },
  }))
}

/** Rows of a SELECT over shuffled inputs, column by column, in the order of their texts. */
async function columnsOf(
  sql: string,
  { seed, threads, files }: (typeof arrangements)[number],
): Promise<Record<string, string>> {
  const duckdb = await openDuckDb({ spillFolder: join(scratch, 'duckdb'), memoryLimit: '512MB', threads })
  const contractOf = async (name: string) => tables.contracts.get(name) ?? null
  const documentOf = async (name: string) =>
    JSON.stringify(load(await readFile(join(factory, `${name}.yaml`), 'utf8')))
  const bound = bindParameters(sql, { batch, processed_at: '2026-03-01T00:00:00Z', rebuild: false }, 'test')
  try {
    return await duckdb.session(async (connection) => {
      const { inputs } = await parseSelect(connection, sql, 'test')
      await openInputs({ lake: tables.fixture.lake, duckdb, contractOf, documentOf }, connection, inputs, {
        where: 'test',
      })
      for (const input of inputs.filter((name) => !name.startsWith('config.'))) {
        const list = Array.from({ length: files }, (_, i) => join(scratch, `${input}-${seed}-${i}.parquet`))
        await connection.run(
          `CREATE TABLE shuffled AS SELECT *, hash(row_number() OVER (), ${seed}) AS _order FROM ${input}`,
        )
        for (const [i, file] of list.entries()) {
          await connection.run(`SET preserve_insertion_order = true;
            COPY (SELECT * EXCLUDE (_order) FROM shuffled WHERE _order % ${files} = ${i} ORDER BY _order)
            TO ${quoteText(file)} (FORMAT parquet, ROW_GROUP_SIZE 2048); SET preserve_insertion_order = false`)
        }
        await connection.run(
          `CREATE OR REPLACE VIEW ${input} AS FROM read_parquet([${list.map(quoteText).join(', ')}]); DROP TABLE shuffled`,
        )
      }
      const result = await connection.runAndReadAll(bound)
      const rows = result.getRowsJson().map((row) => ({ row, place: placeOf(row) }))
      rows.sort((a, b) => (a.place < b.place ? -1 : 1))
      return Object.fromEntries(
        result.columnNames().map((name, i) => [name, JSON.stringify(rows.map(({ row }) => row[i]))]),
      )
    })
  } finally {
    await duckdb.close()
  }
}

/** Where a row stands among the others must not hang on the last digits that are to be compared. */
function placeOf(row: unknown[]): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'number' ? value.toPrecision(6) : value,
  )
}

async function differingColumns(sql: string): Promise<string[]> {
  const found = []
  for (const arrangement of arrangements) found.push(await columnsOf(sql, arrangement))
  const [first = {}, ...others] = found
  return Object.keys(first).filter((name) => others.some((other) => other[name] !== first[name]))
}

test.each(sqlFiles)(
  '%s gives the same rows to the last bit whatever the order of rows, files and threads',
  async (file) => {
    expect(await differingColumns(await readFile(join(factory, file), 'utf8'))).toEqual([])
  },
)

test('the gold tables that are compared are not empty', async () => {
  const gold = [...tables.contracts.keys()].filter((name) => name.startsWith('gold.'))
  const counts = gold.map((name) => `SELECT '${name}' AS name, count(*) > 20 AS filled FROM ${name}`)
  expect(gold.length).toBeGreaterThan(2)
  expect(await tables.query(`SELECT name FROM (${counts.join(' UNION ALL ')}) WHERE NOT filled`)).toEqual([])
})

test('quality checks find and count the same whatever the order', async () => {
  const contracts = [...tables.contracts.values()].filter(({ anomalies }) => anomalies !== undefined)
  expect(contracts.length).toBeGreaterThan(0)
  expect(await differingColumns(quarantineSql(contracts))).toEqual([])
  expect(await differingColumns(metricsSql(contracts))).toEqual([])
})

test('plain sums of doubles do depend on the order, which this test notices', async () => {
  const sql = `
    SELECT scan_date, count(*) AS n, avg(measurement_value) AS mean, stddev_samp(measurement_value) AS sd,
      sorted_avg(measurement_value) AS sorted_mean, sorted_stddev_samp(measurement_value) AS sorted_sd
    FROM silver.fact_measurements GROUP BY scan_date`
  expect(await differingColumns(sql)).toEqual(['mean', 'sd'])
})

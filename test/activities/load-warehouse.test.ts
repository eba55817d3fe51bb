import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { expect, onTestFinished, test } from 'vitest'
import type { ActivityContext, Dependencies } from '../../activities/activity.ts'
import { loadWarehouse } from '../../activities/load-warehouse.ts'
import type { JsonObject } from '../../adf/json.ts'
import { buildTable } from '../../tables/build/build-table.ts'
import { tableContract, type TableContract } from '../../tables/contract.ts'
import type { Row } from '../../tables/rows/values.ts'
import { appendRows } from '../../tables/rows/append-rows.ts'
import { DeltaLog } from '../../tables/delta/log.ts'
import { openFixture, rowsOf, type Fixture } from '../tables/fixture.ts'
import { invocationOf } from '../support/invocation.ts'
import { temporaryWarehouse } from '../warehouse/temporary-warehouse.ts'
import { dependenciesWith } from '../support/dependencies.ts'

const context: ActivityContext = {
  signal: new AbortController().signal,
  attempt: 1,
  cursor: null,
  progress() {},
  checkpoint() {},
}

const readings: JsonObject = {
  name: 'bronze.readings',
  columns: [
    { name: 'scan_id', type: 'string', nullable: false },
    { name: 'name', type: 'string', nullable: false },
    { name: 'value', type: 'double' },
    { name: 'batch_id', type: 'string', nullable: false },
  ],
  key: [],
  materialization: { type: 'append' },
}

const facts: JsonObject = {
  name: 'silver.fact_readings',
  columns: [
    { name: 'scan_id', type: 'string', nullable: false },
    { name: 'name', type: 'string', nullable: false },
    { name: 'value', type: 'double' },
    { name: 'count', type: 'bigint' },
    { name: 'is_big', type: 'boolean' },
    { name: 'taken_at', type: 'timestamp' },
    { name: 'taken_on', type: 'date' },
  ],
  key: ['scan_id', 'name'],
  materialization: {
    type: 'merge',
    replaceBy: ['scan_id'],
    scope: 'SELECT DISTINCT scan_id FROM bronze.readings WHERE batch_id = $batch',
  },
  warehouse: { replaceBy: ['scan_id'] },
}

const factsSql = `
  SELECT scan_id, name, value, CAST(9007199254740993 AS BIGINT) AS count, value > 1 AS is_big,
    TIMESTAMP '2026-11-21 09:30:00.123456' AS taken_at, DATE '2026-11-21' AS taken_on
  FROM bronze.readings WHERE batch_id = $batch AND value IS NOT NULL`

async function platform() {
  const fixture: Fixture = await openFixture()
  onTestFinished(() => fixture[Symbol.asyncDispose]())
  const { warehouse } = await temporaryWarehouse()
  const dependencies = dependenciesWith({ lake: fixture.lake, duckdb: fixture.duckdb, warehouse })
  const bronze: TableContract = tableContract.parse(readings)
  const silver: TableContract = tableContract.parse(facts)
  const contracts = new Map([bronze, silver].map((contract) => [contract.name, contract]))
  return {
    ...fixture,
    dependencies,
    warehouse,
    build: async (batch: string, rows: readonly Row[]) => {
      const given = rows.map((row) => ({ ...row, batch_id: batch }))
      await appendRows({ ...fixture, contract: bronze, rows: given, transaction: batch })
      await buildTable({
        ...fixture,
        contract: silver,
        sql: factsSql,
        contractOf: (name) => Promise.resolve(contracts.get(name) ?? null),
        documentOf: () => Promise.resolve(null),
        batch,
        parameters: {},
      })
    },
    load: (batch: string, contract: JsonObject = facts) => loadOf(dependencies, batch, contract),
    rows: () => warehouse.query('SELECT scan_id, name, value FROM fact_readings ORDER BY scan_id, name'),
    deltaRows: async () => {
      const found = await rowsOf(fixture, silver, 'scan_id, name')
      return found.map(({ scan_id, name, value }) => ({ scan_id, name, value }))
    },
    log: new DeltaLog(fixture.lake, fixture.duckdb, 'silver/fact_readings'),
  }
}

async function loadOf(dependencies: Dependencies, batch: string, contract: JsonObject) {
  const yaml = dump(contract)
  const sha256 = createHash('sha256').update(yaml).digest('hex')
  await dependencies.lake.create(`_plans/${sha256}`, yaml)
  const invocation = invocationOf(
    'LoadWarehouse',
    { tables: [contract['name'] ?? null], batch },
    { run: { pipeline: 'silver', batch }, resources: { 'table/fact_readings.yaml': sha256 } },
  )
  return loadWarehouse(invocation, context, dependencies)
}

const loaded = (rowsUpserted: number, rowsDeleted = 0): JsonObject => ({
  tables: [{ table: 'silver.fact_readings', loaded: true, rowsDeleted, rowsUpserted }],
})
const untouched: JsonObject = {
  tables: [{ table: 'silver.fact_readings', loaded: false, rowsDeleted: 0, rowsUpserted: 0 }],
}

test('a batch is loaded once, in the types of its contract', async () => {
  const { build, load, warehouse } = await platform()
  expect(await load('b0')).toEqual(untouched)
  await build('b1', [{ scan_id: 'a', name: 'x', value: 0.1 }])
  expect(await load('b1')).toEqual(loaded(1))
  expect(await load('b1')).toEqual(untouched)
  expect(await warehouse.query('SELECT * FROM fact_readings')).toEqual([
    {
      scan_id: 'a',
      name: 'x',
      value: 0.1,
      count: 9_007_199_254_740_993n,
      is_big: 0,
      taken_at: '2026-11-21T09:30:00.123456Z',
      taken_on: '2026-11-21',
    },
  ])
  expect(await warehouse.query('SELECT batch, source_version, rows_upserted FROM _loads')).toEqual([
    { batch: 'b1', source_version: 0, rows_upserted: 1 },
  ])
})

test('of a scan that is processed again only what changed is written, and rows it no longer has go', async () => {
  const { build, load, rows } = await platform()
  await build('b1', [
    { scan_id: 'a', name: 'x', value: 1 },
    { scan_id: 'a', name: 'y', value: 2 },
    { scan_id: 'a', name: 'z', value: 3 },
    { scan_id: 'b', name: 'x', value: 4 },
  ])
  await load('b1')
  await build('b2', [
    { scan_id: 'a', name: 'x', value: 1 },
    { scan_id: 'a', name: 'y', value: 20 },
  ])
  expect(await load('b2')).toEqual(loaded(1, 1))
  expect(await rows()).toEqual([
    { scan_id: 'a', name: 'x', value: 1 },
    { scan_id: 'a', name: 'y', value: 20 },
    { scan_id: 'b', name: 'x', value: 4 },
  ])
  await build('b3', [{ scan_id: 'b', name: 'x', value: null }])
  expect(await load('b3')).toEqual(loaded(0, 1))
})

test('a load after several batches brings all of them', async () => {
  const { build, load, rows } = await platform()
  await build('b1', [{ scan_id: 'a', name: 'x', value: 1 }])
  await load('b1')
  await build('b2', [{ scan_id: 'b', name: 'x', value: 2 }])
  await build('b3', [{ scan_id: 'b', name: 'x', value: 3 }])
  expect(await load('b3')).toEqual(loaded(1))
  expect(await load('b2')).toEqual(untouched)
  expect(await rows()).toEqual([
    { scan_id: 'a', name: 'x', value: 1 },
    { scan_id: 'b', name: 'x', value: 3 },
  ])
})

test('two loads at once leave the rows of the table', async () => {
  const { build, load, rows } = await platform()
  await build('b1', [{ scan_id: 'a', name: 'x', value: 1 }])
  await load('b1')
  await build('b2', [{ scan_id: 'a', name: 'x', value: 2 }])
  const outcomes = await Promise.all([load('b2'), load('b2'), load('b2')])
  expect(
    outcomes.toSorted((one, other) => JSON.stringify(one).length - JSON.stringify(other).length),
  ).toEqual([loaded(1), untouched, untouched])
  expect(await rows()).toEqual([{ scan_id: 'a', name: 'x', value: 2 }])
})

test('without the files of the version it holds, the warehouse takes over the whole table', async () => {
  const { build, load, rows, log, root } = await platform()
  await build('b1', [{ scan_id: 'a', name: 'x', value: 1 }])
  await load('b1')
  const [file] = (await log.latest()).files.keys()
  await build('b2', [
    { scan_id: 'a', name: 'y', value: 2 },
    { scan_id: 'c', name: 'x', value: 5 },
  ])
  await rm(join(root, 'silver/fact_readings', file ?? ''))
  expect(await load('b2')).toEqual(loaded(2, 1))
  expect(await rows()).toEqual([
    { scan_id: 'a', name: 'y', value: 2 },
    { scan_id: 'c', name: 'x', value: 5 },
  ])
})

test('a lake that was made anew replaces what an earlier one left', async () => {
  const { build, load, rows, root } = await platform()
  await build('b1', [{ scan_id: 'a', name: 'x', value: 1 }])
  await build('b2', [{ scan_id: 'b', name: 'x', value: 2 }])
  await load('b2')
  await rm(join(root, 'silver'), { recursive: true })
  await build('b2', [])
  expect(await load('b2')).toEqual(loaded(1, 2))
  expect(await rows()).toEqual([{ scan_id: 'b', name: 'x', value: 2 }])
})

test('a table dropped from the warehouse is loaded again', async () => {
  const { build, load, rows, warehouse } = await platform()
  await build('b1', [{ scan_id: 'a', name: 'x', value: 1 }])
  await load('b1')
  await warehouse.query('DROP TABLE fact_readings')
  expect(await load('b1')).toEqual(loaded(1))
  expect(await rows()).toHaveLength(1)
})

test('whatever was built and loaded in between, the warehouse ends with the rows of the table', async () => {
  const row = fc.record({
    scan_id: fc.constantFrom('a', 'b', 'c'),
    name: fc.constantFrom('x', 'y', 'z'),
    value: fc.option(fc.integer({ min: 0, max: 2 })),
  })
  const step = fc.record({
    rows: fc.uniqueArray(row, { maxLength: 5, selector: (one) => `${one.scan_id} ${one.name}` }),
    isLoaded: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const { build, load, rows, deltaRows } = await platform()
      for (const [index, { rows: given, isLoaded }] of steps.entries()) {
        await build(`b${index}`, given)
        if (isLoaded) await load(`b${index}`)
      }
      await load('last')
      expect(await rows()).toEqual(await deltaRows())
    }),
    { numRuns: 10 },
  )
})

test.each<[title: string, change: JsonObject, message: string]>([
  [
    'is not for the warehouse',
    { warehouse: undefined as never },
    'table silver.fact_readings is not for the warehouse; add "warehouse: {}" to table/fact_readings.yaml',
  ],
  [
    'has no key',
    { key: [] },
    'table silver.fact_readings has no key; the warehouse loads by key: name its key columns in table/fact_readings.yaml',
  ],
  ['has a broken contract', { columns: [] }, 'table/fact_readings.yaml: columns '],
])('a table that %s is a mistake in the definition', async (_title, change, message) => {
  const { load } = await platform()
  const { warehouse: _, ...rest } = facts
  const contract = 'warehouse' in change ? rest : { ...facts, ...change }
  await expect(load('b1', contract)).rejects.toMatchObject({
    name: 'DefinitionError',
    message: expect.stringContaining(message) as string,
  })
})

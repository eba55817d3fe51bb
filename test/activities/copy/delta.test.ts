import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { getMetadata } from '../../../activities/get-metadata.ts'
import { lookup } from '../../../activities/lookup.ts'
import { validateDataset } from '../../../activities/validation.ts'
import type { JsonObject } from '../../../adf/json.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import { parseSchema } from '../../../tables/delta/schema.ts'
import { queryTables } from '../../../tables/read.ts'
import { findWithPython, pythonMissing, pythonTitle } from '../../tables/python-deltalake.ts'
import { invocationOf } from '../../support/invocation.ts'
import { context, copyPlant, csv, dataset, type CopyPlant } from './copying.ts'

const service = { name: 'lakehouse', type: 'AzureDatabricksDeltaLake', typeProperties: {} }

function table(database: string, name: string): ResolvedDataset {
  const typeProperties = { database, table: name }
  return { name, type: 'AzureDatabricksDeltaLakeDataset', typeProperties, linkedService: service }
}

const orders = table('silver', 'orders')
const parquet = dataset('Parquet', 'in', 'orders.parquet')
const text = dataset('DelimitedText', 'out', 'orders.csv', csv)
const toDelta = (sink: JsonObject = {}, source: JsonObject = { type: 'ParquetSource' }): JsonObject => ({
  source,
  sink: { type: 'AzureDatabricksDeltaLakeSink', ...sink },
})
const fromDelta = (source: JsonObject = {}): JsonObject => ({
  source: { type: 'AzureDatabricksDeltaLakeSource', ...source },
  sink: { type: 'DelimitedTextSink' },
})

/** A Parquet file in `in/orders.parquet`. */
async function put(plant: CopyPlant, select: string): Promise<void> {
  await plant.put('in/.keep', '')
  await plant.rows(`COPY (${select}) TO '$root/in/orders.parquet' (FORMAT parquet)`)
}

async function rowsOf(plant: CopyPlant, sql: string): Promise<unknown[]> {
  const { lake, duckdb } = plant.dependencies
  return queryTables({ lake, duckdb }, { sql }, async ({ rows }) => {
    const all: unknown[] = []
    for await (const batch of rows) all.push(...batch)
    return all
  })
}

const log = ({ dependencies: { lake, duckdb } }: CopyPlant) => new DeltaLog(lake, duckdb, 'silver/orders')

const run = (runId: string) => ({ run: { runId } })

const every = `SELECT CAST(9007199254740993 AS BIGINT) AS id, 'a, b' AS name, CAST(-1.23 AS DECIMAL(12, 2)) AS price,
  TIMESTAMP '2026-11-21 09:30:00.123456' AS at, DATE '2026-11-21' AS day, true AS ok, CAST(7 AS INTEGER) AS n, 0.5::DOUBLE AS x,
  '\\xAA'::BLOB AS raw, [1, 2] AS list`

test('makes a table with the types of its source, and copies it back', async () => {
  const plant = await copyPlant()
  await put(plant, every)
  const output = await plant.copy(toDelta(), parquet, orders)
  expect(output).toMatchObject({ rowsCopied: 1, filesWritten: 1 })
  const { metadata } = await log(plant).latest()
  expect(parseSchema(metadata?.schemaString ?? '').map(({ name, type }) => [name, type])).toEqual([
    ['id', 'long'],
    ['name', 'string'],
    ['price', 'decimal(12,2)'],
    ['at', 'timestamp'],
    ['day', 'date'],
    ['ok', 'boolean'],
    ['n', 'integer'],
    ['x', 'double'],
    ['raw', 'binary'],
    ['list', 'string'],
  ])
  const back = await plant.copy(fromDelta(), orders, text)
  expect(back).toMatchObject({ rowsRead: 1, rowsCopied: 1 })
  expect(await plant.read('out/orders.csv')).toBe(
    'id,name,price,at,day,ok,n,x,raw,list\r\n' +
      '9007199254740993,"a, b",-1.23,2026-11-21 09:30:00.1234560,2026-11-21,True,7,0.5,qg==,"[1,2]"\r\n',
  )
})

test('appends once a run, however often the activity is repeated', async () => {
  const plant = await copyPlant()
  await put(plant, 'SELECT 1 AS id')
  const first = await plant.copy(toDelta(), parquet, orders, run('one'))
  const again = await plant.copy(toDelta(), parquet, orders, { ...run('one'), retryAttempt: 1 })
  expect(again).toMatchObject({ rowsCopied: 1, dataWritten: first['dataWritten'] ?? null })
  await plant.copy(toDelta(), parquet, orders, run('two'))
  await plant.copy(toDelta(), parquet, orders, { ...run('two'), iterationPath: 'Each[1]' })
  expect(await rowsOf(plant, 'SELECT count(*) FROM silver.orders')).toEqual([[3]])
  expect((await log(plant).latest()).version).toBe(2)
})

test.each<[title: string, sink: JsonObject]>([
  ['writeBehavior', { writeBehavior: 'overwrite' }],
  ['TRUNCATE TABLE', { preCopyScript: 'TRUNCATE TABLE `silver`.`Orders`;' }],
  ['DELETE FROM', { preCopyScript: 'delete from orders' }],
])('replaces all rows by %s in one commit, and reads older versions', async (_title, sink) => {
  const plant = await copyPlant()
  await put(plant, 'SELECT 1 AS id')
  await plant.copy(toDelta(), parquet, orders, run('one'))
  await put(plant, 'SELECT 2 AS id UNION ALL SELECT 3')
  await plant.copy(toDelta(sink), parquet, orders, run('two'))
  expect(await rowsOf(plant, 'SELECT id FROM silver.orders ORDER BY id')).toEqual([[2], [3]])
  await plant.copy(fromDelta({ version: 0 }), orders, text)
  expect(await plant.read('out/orders.csv')).toBe('id\r\n1\r\n')
})

test('converts into the types of a table, and fails on what does not fit', async () => {
  const plant = await copyPlant()
  await put(plant, "SELECT CAST(1 AS BIGINT) AS id, DATE '2026-01-01' AS day")
  await plant.copy(toDelta(), parquet, orders, run('one'))
  await put(plant, "SELECT '2' AS id, '2026-01-02' AS day")
  await plant.copy(toDelta(), parquet, orders, run('two'))
  expect(await rowsOf(plant, 'SELECT sum(id), count(day) FROM silver.orders')).toEqual([[3, 2]])
  await put(plant, "SELECT 'x' AS id, '2026-01-02' AS day")
  await expect(plant.copy(toDelta(), parquet, orders, run('three'))).rejects.toHaveProperty(
    'name',
    'DataError',
  )
  expect((await log(plant).latest()).version).toBe(1)
})

test('reads a query over several tables, in Copy and in Lookup', async () => {
  const plant = await copyPlant()
  await put(plant, "SELECT 1 AS id, 'x' AS name UNION ALL SELECT 2, 'y'")
  await plant.copy(toDelta(), parquet, orders, run('one'))
  await plant.copy(toDelta(), parquet, table('gold', 'days'), run('one'))
  const query = 'SELECT o.id, d.name FROM silver.orders AS o JOIN gold.days AS d USING (id) WHERE o.id > 1;'
  await plant.copy(fromDelta({ query, additionalColumns: [{ name: 'by', value: 'me' }] }), orders, text)
  expect(await plant.read('out/orders.csv')).toBe('id,name,by\r\n2,y,me\r\n')
  const found = await lookup(
    invocationOf(
      'Lookup',
      {
        source: { type: 'AzureDatabricksDeltaLakeSource', query },
        dataset: { referenceName: 'orders', type: 'DatasetReference' },
      },
      { datasets: { orders } },
    ),
    context,
    plant.dependencies,
  )
  expect(found).toMatchObject({ firstRow: { id: 2, name: 'y' } })
})

test('tells in GetMetadata which columns a table has, and whether it is there', async () => {
  const plant = await copyPlant()
  const ask = (one: ResolvedDataset) =>
    getMetadata(
      invocationOf(
        'GetMetadata',
        { dataset: { referenceName: 't', type: 'DatasetReference' }, fieldList: ['exists', 'columnCount'] },
        { datasets: { t: one } },
      ),
      context,
      plant.dependencies,
    )
  expect(await ask(orders)).toEqual({ exists: false })
  await put(plant, 'SELECT 1 AS id, 2 AS n')
  await plant.copy(toDelta(), parquet, orders)
  expect(await ask(orders)).toEqual({ exists: true, columnCount: 2 })
})

test('holds a Validation back until the table is there', async () => {
  const plant = await copyPlant()
  const look = () =>
    validateDataset(plant.dependencies.stores, { dataset: orders, minimumSize: null, childItems: null })
  await expect(look()).rejects.toThrow('silver.orders is not there yet')
  await put(plant, 'SELECT 1 AS id')
  await plant.copy(toDelta(), parquet, orders)
  expect(await look()).toMatchObject({ exists: true, itemName: 'silver.orders' })
})

describe.skipIf(pythonMissing !== null)(pythonTitle, () => {
  test('finds the rows of a copied table by values of every type', async () => {
    const plant = await copyPlant()
    await put(plant, every)
    await plant.copy(toDelta(), parquet, orders)
    const conditions = [
      'id = 9007199254740993',
      "name = 'a, b'",
      'price < -1.22',
      'price > -1.24',
      "day = '2026-11-21'",
      'n = 7',
      'x = 0.5',
      'ok = true',
      'id = 1',
    ]
    const lake = plant.root.replace(/stores.plant$/, 'lake')
    const found = findWithPython(join(lake, 'silver', 'orders'), conditions)
    expect(found.map((rows) => rows.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0])
  })
})

test.each<
  [title: string, properties: JsonObject, input: ResolvedDataset, output: ResolvedDataset, message: RegExp]
>([
  [
    'a table that is not there',
    fromDelta(),
    orders,
    text,
    /reads silver\.orders, and the lake has no Delta table in silver\/orders/,
  ],
  [
    'a database that is no layer',
    fromDelta(),
    table('sales', 'orders'),
    text,
    /database must be bronze, silver, gold/,
  ],
  [
    'a name that leads out of the lake',
    toDelta(),
    parquet,
    table('silver', '../x'),
    /table a name of letters, digits and _/,
  ],
  [
    'a query that is no SELECT',
    fromDelta({ query: 'DROP TABLE silver.orders' }),
    orders,
    text,
    /source\.query/,
  ],
  [
    'a script that does something else',
    toDelta({ preCopyScript: 'DELETE FROM orders WHERE id = 1' }),
    parquet,
    orders,
    /it may be "TRUNCATE TABLE silver\.orders"/,
  ],
  [
    'a store of files',
    fromDelta(),
    dataset('Parquet', 'in', 'orders.parquet'),
    text,
    /works on Delta tables, and linked service 'plant' is of type FileServer/,
  ],
])('refuses %s', async (_title, properties, input, output, message) => {
  const plant = await copyPlant()
  await put(plant, 'SELECT 1 AS id')
  const copied = plant.copy(properties, input, output)
  await expect(copied).rejects.toThrow(message)
  await expect(copied).rejects.toHaveProperty('name', 'DefinitionError')
})

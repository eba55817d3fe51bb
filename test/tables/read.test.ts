import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTable, listTables, queryTables, withTables } from '../../tables/read.ts'
import { appendRows } from '../../tables/rows/append-rows.ts'
import { type Fixture, contractOf, openFixture } from './fixture.ts'

let fixture: Fixture
const contracts = ['bronze.scans', 'silver.scans', 'gold.days'].map((name) =>
  contractOf({
    name,
    columns: [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'at', type: 'timestamp', nullable: true },
      { name: 'day', type: 'date', nullable: true },
    ],
  }),
)

beforeAll(async () => {
  fixture = await openFixture()
  await fixture.lake.create('bronze/scans/x/processing_log.json', '{}')
  await fixture.lake.create('silver/_rejected/scans/b.parquet', 'x')
  for (const contract of contracts) {
    const rows = [{ id: 1, at: '2026-11-21T10:00:00.123456Z', day: '2026-11-21' }]
    await appendRows({ ...fixture, contract, rows, transaction: 'b/0' })
  }
  const [bronze] = contracts
  if (bronze !== undefined)
    await appendRows({ ...fixture, contract: bronze, rows: [{ id: 2n ** 60n }], transaction: 'b/1' })
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const rowsOf = (sql: string, more: object = {}) =>
  queryTables(fixture, { sql, ...more }, async ({ rows }) => {
    const all = []
    for await (const chunk of rows) all.push(...chunk)
    return all
  })

describe('reading tables', () => {
  it('lists the tables of the lake and no other folder', async () => {
    expect(await listTables(fixture.lake)).toEqual(['bronze.scans', 'silver.scans', 'gold.days'])
  })

  it('describes a table at a version', async () => {
    expect(await describeTable(fixture, 'bronze.scans')).toMatchObject({
      table: 'bronze.scans',
      version: 1,
      rows: 2,
      files: 2,
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'at', type: 'timestamp' },
        { name: 'day', type: 'date' },
      ],
      partitionBy: [],
    })
    expect(await describeTable(fixture, 'bronze.scans', 0)).toMatchObject({ version: 0, rows: 1, files: 1 })
    expect(await describeTable(fixture, 'gold.nothing')).toBeNull()
    await expect(describeTable(fixture, 'bronze.scans', 9)).rejects.toThrow(
      'bronze/_tables/scans has no version 9; the newest is 1',
    )
  })

  it('runs one SELECT over all layers, with values as JSON holds them', async () => {
    const sql = `SELECT b.id, s.at, s.day, 1.5 AS part, [1, 2] AS list, count(*) OVER () AS n
      FROM bronze.scans b LEFT JOIN silver.scans s USING (id) ORDER BY b.id`
    const columns = await queryTables(fixture, { sql }, async (result) => result.columns)
    expect(columns.slice(0, 4)).toEqual([
      { name: 'id', type: 'BIGINT' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'day', type: 'DATE' },
      { name: 'part', type: 'DECIMAL(2,1)' },
    ])
    expect(await rowsOf(sql)).toEqual([
      [1, '2026-11-21T10:00:00.123456Z', '2026-11-21', 1.5, '[1, 2]', 2],
      ['1152921504606846976', null, null, 1.5, '[1, 2]', 2],
    ])
  })

  it('looks back to a version and takes parameters', async () => {
    const sql = 'SELECT count(*) FROM bronze.scans WHERE id >= $from'
    expect(await rowsOf(sql, { parameters: { from: 0 } })).toEqual([[2]])
    expect(await rowsOf(sql, { parameters: { from: 0 }, versions: { 'bronze.scans': 0 } })).toEqual([[1]])
  })

  it('says of a version that cannot be read which ones can', async () => {
    const contract = contractOf({
      name: 'gold.swept',
      columns: [{ name: 'id', type: 'bigint', nullable: false }],
    })
    await appendRows({ ...fixture, contract, rows: [{ id: 1 }], transaction: 'b/0' })
    for await (const { path } of fixture.lake.list('gold/swept'))
      if (path.endsWith('.parquet')) await fixture.lake.delete(path)
    await appendRows({ ...fixture, contract, rows: [{ id: 2 }], transaction: 'b/1' })
    for (const [version, message] of [
      [
        0,
        'the query: version 0 of gold/swept can no longer be read: 1 of its 1 files are deleted, which vacuum does outside ' +
          'its window; ask for a later version (the newest is 1)',
      ],
      [7, 'the query: gold/swept has no version 7; the newest is 1'],
    ])
      await expect(rowsOf('FROM gold.swept', { versions: { 'gold.swept': version } })).rejects.toMatchObject({
        name: 'DefinitionError',
        message,
      })
    await fixture.lake.deleteFolder('gold/swept')
  })

  it('opens tables for statements of any kind', async () => {
    const count = await withTables(fixture, ['bronze.scans', 'gold.days'], async (connection) => {
      await connection.run(
        'CREATE TABLE all_ids AS SELECT id FROM bronze.scans UNION ALL SELECT id FROM gold.days',
      )
      return (await connection.runAndReadAll('SELECT count(*) FROM all_ids')).getRows()[0]?.[0]
    })
    expect(count).toBe(3n)
  })

  it.each([
    [
      'a table that is not there',
      'SELECT * FROM gold.nothing',
      /the query reads gold\.nothing, which is no table/,
    ],
    ['anything but a SELECT', "COPY (SELECT 1) TO '/tmp/x'", /the query is not one SELECT/],
    ['wrong SQL', 'SELECT nothing FROM gold.days', /nothing/],
  ])('refuses %s', async (_, sql, message) => {
    await expect(rowsOf(sql)).rejects.toMatchObject({
      name: 'DefinitionError',
      message: expect.stringMatching(message),
    })
  })

  it('streams: a result far beyond the memory limit passes', async () => {
    const sql = `SELECT repeat('x', 10000) || i FROM range(60000) t(i)`
    const bytes = await queryTables(fixture, { sql }, async ({ rows }) => {
      let sum = 0
      for await (const chunk of rows) for (const [text] of chunk) sum += String(text).length
      return sum
    })
    expect(bytes).toBeGreaterThan(6e8)
  })

  it('stops when it is asked to', async () => {
    const controller = new AbortController()
    const sql = 'SELECT sum(a.i * b.i) FROM range(100000000) a(i), range(100000) b(i)'
    const running = rowsOf(sql, { signal: controller.signal })
    controller.abort(new Error('stopped'))
    await expect(running).rejects.toThrow('stopped')
  })
})

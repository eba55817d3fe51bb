import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuildTable, buildTable } from '../../../tables/build/build-table.ts'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import type { Row } from '../../../tables/rows/values.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'
import { pythonMissing, pythonTitle, readWithPython } from '../python-deltalake.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const source = contractOf({
  name: 'bronze.readings',
  columns: [
    { name: 'scan_id', type: 'string', nullable: false },
    { name: 'name', type: 'string', nullable: false },
    { name: 'value', type: 'double', nullable: true },
    { name: 'taken', type: 'timestamp', nullable: true },
    { name: 'batch_id', type: 'string', nullable: false },
  ],
})

const columns: TableContract['columns'] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'scan_id', type: 'string', nullable: false },
  { name: 'value', type: 'double', nullable: true },
  { name: 'month', type: 'int', nullable: true },
]

const facts = (name: string, more: Partial<TableContract> = {}) =>
  contractOf({
    name,
    columns,
    key: ['id'],
    materialization: { type: 'merge', replaceBy: ['scan_id'] },
    partitionBy: ['month'],
    ...more,
  })

const select = `SELECT hash_key(scan_id, name) AS id, scan_id, value, month(taken) AS month
  FROM bronze.readings -- of $batch
  WHERE batch_id = $batch`

let batches = 0
/** Adds rows to the source under a new batch; answers the batch. */
async function arrive(rows: readonly Row[]): Promise<string> {
  const batch = `b${++batches}`
  await appendRows({
    ...fixture,
    contract: source,
    rows: rows.map((row) => ({ ...row, batch_id: batch })),
    transaction: batch,
  })
  return batch
}

const known =
  (...contracts: TableContract[]): BuildTable['contractOf'] =>
  async (name) =>
    contracts.find((contract) => contract.name === name) ?? null

const build = (contract: TableContract, batch: string, more: Partial<BuildTable> = {}) =>
  buildTable({
    ...fixture,
    contract,
    sql: select,
    contractOf: known(source),
    documentOf: async (name) => (name === 'limits' ? '{"max": [2.5]}' : null),
    batch,
    parameters: {},
    ...more,
  })

const reading = (scan_id: string, name: string, value: number, taken = '2026-11-21T10:00:00Z') => ({
  scan_id,
  name,
  value,
  taken,
})

describe('a merge', () => {
  it('adds, replaces and removes rows of the scope, and rewrites only the files that it touches', async () => {
    const contract = facts('silver.merged')
    const first = await arrive([
      reading('s1', 'a', 1),
      reading('s1', 'b', 2),
      reading('s2', 'a', 3),
      reading('s3', 'a', 4, '2026-10-01T00:00:00Z'),
    ])
    expect(await build(contract, first)).toMatchObject({
      committed: true,
      version: 0,
      rowsInserted: 4,
      rows: 4,
      filesAdded: 2,
      filesRemoved: 0,
      warnings: [],
    })
    const second = await arrive([reading('s1', 'a', 10), reading('s1', 'c', 3), reading('s2', 'a', 3)])
    expect(await build(contract, second)).toMatchObject({
      version: 1,
      rowsInserted: 1,
      rowsUpdated: 1,
      rowsDeleted: 1,
      rows: 4,
      filesAdded: 1,
      filesRemoved: 1,
    })
    const rows = await rowsOf(fixture, contract, 'scan_id, value')
    expect(rows.map(({ scan_id, value, month }) => [scan_id, value, month])).toEqual([
      ['s1', 3, 11],
      ['s1', 10, 11],
      ['s2', 3, 11],
      ['s3', 4, 10],
    ])
    expect(await rowsOf(fixture, contract, 'scan_id', 0)).toHaveLength(4)
  })

  it('answers the same, without a commit, when the batch comes again', async () => {
    const contract = facts('silver.again')
    const batch = await arrive([reading('s1', 'a', 1)])
    const first = await build(contract, batch)
    const other = await arrive([reading('s2', 'a', 1)])
    await build(contract, other)
    expect(await build(contract, batch)).toEqual({ ...first, committed: false })
  })

  it('commits nothing where the content is the same', async () => {
    const contract = facts('silver.same')
    const first = await arrive([reading('s1', 'a', 1)])
    const second = await arrive([reading('s1', 'a', 1)])
    await build(contract, first)
    expect(await build(contract, second)).toMatchObject({
      committed: false,
      version: 0,
      rows: 1,
      filesAdded: 0,
    })
  })

  it('leaves a row alone that differs only in columns which it ignores', async () => {
    const written = contractOf({
      name: 'silver.written',
      columns: [...columns.slice(0, 3), { name: 'batch_id', type: 'string', nullable: false }],
      key: ['id'],
      materialization: { type: 'merge', ignoring: ['batch_id'] },
    })
    const sql = `SELECT hash_key(scan_id, name) AS id, scan_id, value, batch_id FROM bronze.readings WHERE batch_id = $batch`
    const first = await arrive([reading('i1', 'a', 1), reading('i1', 'b', 2)])
    await build(written, first, { sql })
    const again = await arrive([reading('i1', 'a', 1), reading('i1', 'b', 2)])
    expect(await build(written, again, { sql })).toMatchObject({ committed: false, rowsUpdated: 0 })
    const changed = await arrive([reading('i1', 'a', 1), reading('i1', 'b', 3)])
    expect(await build(written, changed, { sql })).toMatchObject({ committed: true, rowsUpdated: 1 })
    expect(await rowsOf(fixture, written, 'value')).toMatchObject([
      { value: 1, batch_id: first },
      { value: 3, batch_id: changed },
    ])
  })

  it('empties a scope that the contract names and the SELECT leaves out', async () => {
    const scope = 'SELECT DISTINCT scan_id FROM bronze.readings WHERE batch_id = $batch'
    const contract = facts('silver.scoped', {
      materialization: { type: 'merge', replaceBy: ['scan_id'], scope },
    })
    const sql = `${select} AND value > 0`
    await build(contract, await arrive([reading('s1', 'a', 1), reading('s2', 'a', 1)]), { sql })
    const gone = await build(contract, await arrive([reading('s1', 'a', -1)]), { sql })
    expect(gone).toMatchObject({ committed: true, rowsDeleted: 1, rowsInserted: 0, rows: 1 })
    expect(await rowsOf(fixture, contract, 'id')).toMatchObject([{ scan_id: 's2' }])
  })

  it('reads its own table, also before there is one', async () => {
    const contract = facts('silver.own', { materialization: { type: 'merge' } })
    const sql = `SELECT r.id, r.scan_id, coalesce(t.value, 0) + 1 AS value, r.month
      FROM (${select}) r LEFT JOIN silver.own t USING (id)`
    const contractOf = known(source, contract)
    for (const value of [1, 2]) {
      await build(contract, await arrive([reading('s1', 'a', 0)]), { sql, contractOf })
      expect(await rowsOf(fixture, contract, 'id')).toMatchObject([{ value }])
    }
  })

  it('reads documents of the factory', async () => {
    const contract = facts('silver.documents')
    const sql = `SELECT r.* FROM (${select}) r, config.limits WHERE value < CAST(document->'$.max[0]' AS DOUBLE)`
    const batch = await arrive([reading('s1', 'a', 1), reading('s2', 'a', 3)])
    expect(await build(contract, batch, { sql })).toMatchObject({ rows: 1 })
    const documentOf = async () => '{"max": [9]}'
    expect(await build(contract, batch, { sql, documentOf })).toMatchObject({ committed: true, rows: 2 })
  })

  it('takes small files in when a partition has many', async () => {
    const contract = facts('silver.crowded', { partitionBy: [] })
    for (let index = 0; index < 12; index++) {
      const built = await build(contract, await arrive([reading(`s${index}`, 'a', index)]))
      if (index === 10) expect(built).toMatchObject({ filesAdded: 1, filesRemoved: 10 })
    }
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(12)
  })
})

describe('a replacement', () => {
  const contract = facts('gold.replaced', { materialization: { type: 'replace' }, partitionBy: [] })
  const sql = `SELECT DISTINCT hash_key(scan_id) AS id, scan_id, 1.5 AS value, NULL AS month
    FROM bronze.readings WHERE scan_id LIKE 'r%'`

  it('holds exactly the rows of the SELECT and leaves equal content alone', async () => {
    await arrive([reading('r1', 'a', 1), reading('r2', 'a', 1)])
    expect(await build(contract, 'x1', { sql })).toMatchObject({ committed: true, version: 0, rows: 2 })
    expect(await build(contract, 'x2', { sql })).toMatchObject({ committed: false, version: 0, rows: 2 })
    await arrive([reading('r3', 'a', 1)])
    expect(await build(contract, 'x3', { sql })).toMatchObject({ committed: true, version: 1, rows: 3 })
    expect(await rowsOf(fixture, contract, 'scan_id', 0)).toHaveLength(2)
  })

  it('makes an empty table where the SELECT gives nothing', async () => {
    const empty = facts('gold.empty', { materialization: { type: 'replace' } })
    expect(await build(empty, 'x', { sql: `${select} AND false` })).toMatchObject({
      committed: true,
      rows: 0,
    })
    expect(await build(empty, 'y', { sql: `${select} AND false` })).toMatchObject({
      committed: false,
      version: 0,
    })
    expect(await rowsOf(fixture, empty, 'id')).toEqual([])
  })

  it('may change the columns', async () => {
    const wider = {
      ...contract,
      columns: [...columns, { name: 'note', type: 'string' as const, nullable: true }],
    }
    const built = await build(wider, 'x4', { sql: `SELECT *, 'n' AS note FROM (${sql})` })
    expect(built).toMatchObject({ committed: true })
    expect(await rowsOf(fixture, wider, 'id')).toMatchObject([{ note: 'n' }, { note: 'n' }, { note: 'n' }])
  })
})

describe('an append', () => {
  const contract = facts('silver.appended', { materialization: { type: 'append' } })

  it('adds rows once a batch and refuses keys that are there', async () => {
    const first = await arrive([reading('s1', 'a', 1)])
    expect(await build(contract, first)).toMatchObject({ committed: true, rowsInserted: 1 })
    expect(await build(contract, first)).toMatchObject({ committed: false })
    const again = await arrive([reading('s1', 'a', 1)])
    await expect(build(contract, again)).rejects.toMatchObject({ name: 'DataError' })
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(1)
  })
})

describe.skipIf(pythonMissing !== null)(pythonTitle, () => {
  it('reads every kind of table with the rows that Headrace sees', async () => {
    for (const contract of [facts('silver.merged'), facts('silver.crowded'), facts('gold.empty')]) {
      const seen = await rowsOf(fixture, contract, 'scan_id, value')
      const read = readWithPython(join(fixture.root, tableFolder(contract.name))).rows
      const plain = (row: Record<string, unknown>) => [row['scan_id'], row['value'], row['month']].join()
      expect(read.map(plain).sort()).toEqual(seen.map(plain).sort())
    }
  })
})

describe('a build that is wrong changes nothing', () => {
  const cases: [string, Partial<TableContract>, string, string, RegExp][] = [
    ['a duplicate key', {}, `${select} UNION ALL ${select}`, 'DataError', /unique_key: 4 rows/],
    [
      'a null where none may be',
      {},
      `SELECT id, nullif(scan_id, 's1') AS scan_id, value, month FROM (${select})`,
      'DataError',
      /not_null\.scan_id: 1 rows/,
    ],
    [
      'a broken check',
      { checks: [{ id: 'positive', sql: 'value > 1', severity: 'error' }] },
      select,
      'DataError',
      /positive: 1 rows.*silver\/_rejected\/wrong\/b/,
    ],
    [
      'a value beyond its type',
      {},
      `SELECT id, scan_id, value, 2147483648 AS month FROM (${select})`,
      'DataError',
      /month is 2147483648, which no int holds/,
    ],
    [
      'a missing column',
      {},
      `SELECT id, scan_id, value FROM (${select})`,
      'DefinitionError',
      /table\/wrong\.sql lacks month; table\/wrong\.yaml asks for/,
    ],
    [
      'a column too many',
      {},
      `SELECT *, 1 AS more FROM (${select})`,
      'DefinitionError',
      /gives more besides/,
    ],
    [
      'a wrong type',
      {},
      `SELECT id, scan_id, 'x' AS value, month FROM (${select})`,
      'DefinitionError',
      /gives value as VARCHAR; table\/wrong\.yaml says double/,
    ],
    [
      'an unknown table',
      {},
      'SELECT * FROM silver.nowhere',
      'DefinitionError',
      /reads silver\.nowhere, which is no table: the factory has no table\/nowhere\.yaml/,
    ],
    [
      'an unknown parameter',
      {},
      `${select} AND $size > 1`,
      'DefinitionError',
      /reads \$size, which is not given; given are \$batch/,
    ],
    ['a syntax error', {}, 'SELECT FROM WHERE', 'DefinitionError', /not one SELECT/],
    ['a NUL character', {}, 'SELECT 1 AS a -- \0', 'DefinitionError', /holds a NUL character/],
    ['two statements', {}, 'SELECT 1; SELECT 2', 'DefinitionError', /exactly one SELECT/],
    ['a statement that is no SELECT', {}, 'CREATE TABLE t (a INT)', 'DefinitionError', /not one SELECT/],
    ['an unknown column', {}, 'SELECT nothing FROM bronze.readings', 'DefinitionError', /nothing/],
    [
      'a cast that fails',
      {},
      `SELECT id, scan_id, CAST(scan_id AS DOUBLE) AS value, month FROM (${select})`,
      'DataError',
      /Could not convert/,
    ],
  ]
  it.each(cases)('%s', async (_, more, sql, name, message) => {
    const batch = await arrive([reading('s1', 'a', 1), reading('s2', 'a', 2)])
    const contract = facts('silver.wrong', more)
    await expect(build(contract, batch, { sql })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    })
    expect(await rowsOf(fixture, contract, 'id')).toEqual([])
  })

  it('answers warnings and commits', async () => {
    const batch = await arrive([reading('s1', 'a', 1), reading('s2', 'a', 2)])
    const contract = facts('silver.warned', { checks: [{ id: 'big', sql: 'value > 1', severity: 'warn' }] })
    expect(await build(contract, batch)).toMatchObject({
      committed: true,
      warnings: [{ rule: 'big', rows: 1 }],
    })
  })
})

it('gives parameters as typed literals', async () => {
  const contract = contractOf({
    name: 'gold.typed',
    columns: [
      { name: 'at', type: 'timestamp', nullable: true },
      { name: 'text', type: 'string', nullable: true },
      { name: 'whole', type: 'bigint', nullable: true },
      { name: 'part', type: 'double', nullable: true },
      { name: 'flag', type: 'boolean', nullable: true },
    ],
    materialization: { type: 'replace' },
  })
  const sql = `SELECT $at AS at, $text || '$text' AS text, $whole AS whole, $part AS part, $flag AS flag /* $none */`
  const parameters = { at: '2026-11-21T10:00:00.1234567Z', text: "it's", whole: 5, part: 0.1, flag: true }
  await build(contract, 'p', { sql, parameters })
  expect(await rowsOf(fixture, contract, 'whole')).toEqual([
    { at: '2026-11-21 10:00:00.123456', text: "it's$text", whole: '5', part: 0.1, flag: true },
  ])
})

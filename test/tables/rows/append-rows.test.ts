import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tableFolder } from '../../../tables/contract.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import type { Row } from '../../../tables/rows/values.ts'
import { type Fixture, contractOf, logOf, openFixture, rowsOf } from '../fixture.ts'
import { pythonMissing, pythonTitle, readWithPython } from '../python-deltalake.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const columns = [
  { name: 'id', type: 'bigint' as const, nullable: false },
  { name: 'name', type: 'string' as const, nullable: true },
  { name: 'n', type: 'int' as const, nullable: true },
  { name: 'd', type: 'double' as const, nullable: true },
  { name: 'b', type: 'boolean' as const, nullable: true },
  { name: 'ts', type: 'timestamp' as const, nullable: true },
  { name: 'day', type: 'date' as const, nullable: true },
]

const rows: Row[] = [
  {
    id: 2n ** 62n + 1n,
    name: "ü 😀 it's",
    n: -5,
    d: 0.1,
    b: true,
    ts: '2026-11-21T10:00:00.123456Z',
    day: '2026-11-21',
  },
  {
    id: 2,
    name: '',
    n: 2 ** 31 - 1,
    d: -1e300,
    b: false,
    ts: '1969-07-20T22:17:40.000001+02:00',
    day: '1969-07-20',
  },
  { id: 3, name: null, n: null, d: null, b: null, ts: null, day: null },
  { id: 4, name: 'x'.repeat(5000), n: 0, d: 0, b: true, ts: new Date(5), day: '2000-02-29' },
]

const seen = [
  {
    id: 2,
    name: '',
    n: 2147483647,
    d: -1e300,
    b: false,
    ts: '1969-07-20T20:17:40.000001Z',
    day: '1969-07-20',
  },
  { id: 3, name: null, n: null, d: null, b: null, ts: null, day: null },
  {
    id: 4,
    name: 'x'.repeat(5000),
    n: 0,
    d: 0,
    b: true,
    ts: '1970-01-01T00:00:00.005000Z',
    day: '2000-02-29',
  },
  {
    id: 2 ** 62,
    name: "ü 😀 it's",
    n: -5,
    d: 0.1,
    b: true,
    ts: '2026-11-21T10:00:00.123456Z',
    day: '2026-11-21',
  },
]

const byId = (left: Record<string, unknown>, right: Record<string, unknown>) =>
  Number(left['id']) - Number(right['id'])

describe('appendRows', () => {
  for (const [kind, partitionBy] of [
    ['plain', []],
    ['partitioned', ['day', 'b']],
  ] as const) {
    const contract = contractOf({ name: `bronze.${kind}`, columns, partitionBy: [...partitionBy] })

    it(`writes rows that DuckDB reads back with every type, ${kind}`, async () => {
      const done = await appendRows({ ...fixture, contract, rows, transaction: 'b/0' })
      expect(done).toMatchObject({
        committed: true,
        version: 0,
        rows: 4,
        filesAdded: kind === 'plain' ? 1 : 4,
      })
      const read = await rowsOf(fixture, contract, 'id')
      expect(read.at(-1)).toMatchObject({ id: '4611686018427387905', ts: '2026-11-21 10:00:00.123456' })
      expect(read[0]).toMatchObject({
        id: '2',
        n: 2147483647,
        ts: '1969-07-20 20:17:40.000001',
        day: '1969-07-20',
      })
    })

    it.skipIf(pythonMissing !== null)(`writes rows that ${pythonTitle} reads back, ${kind}`, () => {
      const table = readWithPython(join(fixture.root, tableFolder(contract.name)))
      expect(table.rows.sort(byId)).toEqual(seen)
    })
  }

  it('adds nothing when the same transaction comes again', async () => {
    const contract = contractOf({ name: 'bronze.again', columns })
    const first = await appendRows({ ...fixture, contract, rows, transaction: 'b/0' })
    await appendRows({ ...fixture, contract, rows: [{ id: 9 }], transaction: 'b/1' })
    const again = await appendRows({ ...fixture, contract, rows, transaction: 'b/0' })
    expect(again).toMatchObject({ committed: false, version: first.version, rows: 0 })
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(5)
  })

  it('commits nothing where there is no row', async () => {
    const contract = contractOf({ name: 'bronze.nothing', columns })
    expect(await appendRows({ ...fixture, contract, rows: [], transaction: 'b/0' })).toMatchObject({
      committed: false,
      version: -1,
    })
    expect(await rowsOf(fixture, contract, 'id')).toEqual([])
  })

  const bad: [string, Row, string][] = [
    [
      'a null in a column that takes none',
      { name: 'a' },
      'bronze.bad row 1 column id is null; it is not nullable',
    ],
    [
      'a text for a number',
      { id: '1' },
      'bronze.bad row 1 column id is "1"; bigint allows a whole number of 64 bits',
    ],
    [
      'a number that is not finite',
      { id: 1, d: NaN },
      'bronze.bad row 1 column d is NaN; double allows a finite number, or null where there is none',
    ],
    [
      'a fraction',
      { id: 1, n: 1.5 },
      'bronze.bad row 1 column n is 1.5; int allows a whole number of 32 bits',
    ],
    [
      'an int beyond 32 bits',
      { id: 1, n: 2 ** 31 },
      'bronze.bad row 1 column n is 2147483648; int allows a whole number of 32 bits',
    ],
    [
      'a time without zone',
      { id: 1, ts: '2026-01-01T00:00:00' },
      'bronze.bad row 1 column ts is "2026-01-01T00:00:00"; timestamp allows ISO 8601 text with a zone',
    ],
    [
      'a day that does not exist',
      { id: 1, day: '2026-02-30' },
      'bronze.bad row 1 column day is "2026-02-30"; date allows YYYY-MM-DD',
    ],
    [
      'an unknown column',
      { id: 1, z: 1 },
      "bronze.bad row 1 has a column z; the contract's are id, name, n, d, b, ts, day",
    ],
  ]
  it.each(bad)('refuses %s and commits nothing', async (_, row, message) => {
    const contract = contractOf({ name: 'bronze.bad', columns })
    const attempt = appendRows({ ...fixture, contract, rows: [{ id: 1 }, row], transaction: 'b/0' })
    await expect(attempt).rejects.toMatchObject({ name: 'DataError', message })
    expect(await rowsOf(fixture, contract, 'id')).toEqual([])
  })

  it('reads a table whose contract gained a column', async () => {
    const before = contractOf({ name: 'bronze.grown', columns: columns.slice(0, 2) })
    const after = contractOf({ name: 'bronze.grown', columns })
    await appendRows({ ...fixture, contract: before, rows: [{ id: 1, name: 'old' }], transaction: 'b/0' })
    await appendRows({ ...fixture, contract: after, rows: [{ id: 2, n: 7 }], transaction: 'b/1' })
    expect(await rowsOf(fixture, after, 'id')).toMatchObject([
      { id: '1', name: 'old', n: null },
      { id: '2', name: null, n: 7 },
    ])
    const retyped = contractOf({
      name: 'bronze.grown',
      columns: [{ name: 'id', type: 'string', nullable: false }],
    })
    const attempt = appendRows({ ...fixture, contract: retyped, rows: [{ id: 'x' }], transaction: 'b/2' })
    await expect(attempt).rejects.toMatchObject({ name: 'DefinitionError' })
  })
})

describe('a table fed by many small appends', () => {
  it('has its small files put together, without a change of its rows', async () => {
    const contract = contractOf({ name: 'bronze.drip', columns, partitionBy: ['b'] })
    for (let id = 0; id < 71; id++) {
      await appendRows({
        ...fixture,
        contract,
        rows: [{ id, b: true, name: `n${id}` }],
        transaction: `${id}`,
      })
    }
    const log = logOf(fixture, contract)
    const snapshot = await log.latest()
    expect(snapshot.files.size).toBeLessThan(40)
    const optimized = await Promise.all(
      Array.from(
        { length: snapshot.version + 1 },
        async (_, version) => (await log.commitInfo(version))?.operation,
      ),
    )
    expect(optimized.filter((operation) => operation === 'OPTIMIZE').length).toBeGreaterThan(0)
    const read = await rowsOf(fixture, contract, 'id')
    expect(read.map((row) => Number(row['id']))).toEqual(Array.from({ length: 71 }, (_, id) => id))
    if (pythonMissing === null) {
      const table = readWithPython(join(fixture.root, tableFolder(contract.name)))
      expect(table.rows.map((row) => Number(row['id'])).sort((a, b) => a - b)).toEqual(
        read.map((row) => Number(row['id'])),
      )
    }
  })
})

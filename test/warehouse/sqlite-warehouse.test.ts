import { expect, test } from 'vitest'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import { DataError, WarehouseConflict } from '../../warehouse/errors.ts'
import type { WarehouseLoad, WarehouseTable } from '../../warehouse/warehouse.ts'
import { rowsOf, temporaryWarehouse } from './temporary-warehouse.ts'

const parts: WarehouseTable = {
  name: 'parts',
  columns: [
    { name: 'serial', type: 'string', nullable: false },
    { name: 'size', type: 'double', nullable: true },
    { name: 'uses', type: 'bigint', nullable: true },
    { name: 'checked', type: 'boolean', nullable: true },
    { name: 'seen_at', type: 'timestamp', nullable: true },
    { name: 'made_on', type: 'date', nullable: true },
  ],
  key: ['serial'],
}

const load = (version: number, rest: Partial<WarehouseLoad> = {}): WarehouseLoad => ({
  table: parts,
  batch: 'b1',
  source: { id: 'source', version },
  since: null,
  deletions: rowsOf(),
  rows: rowsOf(),
  ...rest,
})

const serials = 'SELECT serial, uses FROM parts ORDER BY serial'

test('gives back what was written, in every type', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.upsert(parts, [
    ['0012', 0.1 + 0.2, 9_007_199_254_740_993n, true, '2026-11-21T09:30:00.1234567Z', '2026-11-20'],
    ["O'Neil; DROP", null, 5, false, '2026-11-21 09:30:00+00', null],
    ['nan', Number.NaN, null, null, null, null],
  ])
  expect(await warehouse.query('SELECT * FROM parts ORDER BY serial')).toEqual([
    {
      serial: '0012',
      size: 0.1 + 0.2,
      uses: 9_007_199_254_740_993n,
      checked: 1,
      seen_at: '2026-11-21T09:30:00.123456Z',
      made_on: '2026-11-20',
    },
    {
      serial: "O'Neil; DROP",
      size: null,
      uses: 5,
      checked: 0,
      seen_at: '2026-11-21T09:30:00.000000Z',
      made_on: null,
    },
    { serial: 'nan', size: null, uses: null, checked: null, seen_at: null, made_on: null },
  ])
  expect(await warehouse.query('SELECT size FROM parts WHERE checked = ?', [true])).toEqual([
    { size: 0.1 + 0.2 },
  ])
})

test.each([
  ['a number for text', ['a', 'x', 1, null, null, null], 'parts.size is double; string "x" does not fit'],
  [
    'a broken number for a count',
    ['a', 1, 1.5, null, null, null],
    'parts.uses is bigint; number "1.5" does not fit',
  ],
  [
    'a time without zone',
    ['a', 1, 1, true, '2026-11-21T09:30:00', null],
    'parts.seen_at is timestamp; string "2026-11-21T09:30:00" does not fit',
  ],
  ['no key', [null, 1, 1, true, null, null], 'parts: NOT NULL constraint failed: parts.serial'],
] as const)('refuses %s and writes nothing', async (_title, row, message) => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  const write = warehouse.upsert(parts, [['fine', 1, 1, true, null, null], row])
  await expect(write).rejects.toThrow(new DataError(message))
  expect(await warehouse.query(serials)).toEqual([])
})

test('replaces by key', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.upsert(parts, [['a', 1, 1, true, null, null]])
  await warehouse.upsert(parts, [
    ['a', 1, 2, true, null, null],
    ['b', 1, 3, true, null, null],
  ])
  expect(await warehouse.query(serials)).toEqual([
    { serial: 'a', uses: 2 },
    { serial: 'b', uses: 3 },
  ])
})

test('a load deletes, upserts and notes its version, once', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  expect(await warehouse.loaded(parts)).toBeNull()
  const first = (): WarehouseLoad =>
    load(3, { rows: rowsOf(['a', 1, 1, true, null, null], ['b', 1, 1, true, null, null]) })
  expect(await warehouse.load(first())).toEqual({ loaded: true, rowsDeleted: 0, rowsUpserted: 2 })
  expect(await warehouse.load(first())).toEqual({ loaded: false, rowsDeleted: 0, rowsUpserted: 0 })

  const since = await warehouse.loaded(parts)
  expect(since).toEqual({ id: 'source', version: 3 })
  const next = load(4, {
    since,
    deletions: rowsOf(['a'], ['never there']),
    rows: rowsOf(['c', 1, 1, true, null, null]),
  })
  expect(await warehouse.load(next)).toEqual({ loaded: true, rowsDeleted: 1, rowsUpserted: 1 })
  expect(await warehouse.query(serials)).toEqual([
    { serial: 'b', uses: 1 },
    { serial: 'c', uses: 1 },
  ])
  expect(await warehouse.load(first())).toMatchObject({ loaded: false })
})

test('a source of the same name but another identity replaces everything', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.load(load(9, { rows: rowsOf(['a', 1, 1, true, null, null]) }))
  await warehouse.load(
    load(0, {
      source: { id: 'another', version: 0 },
      since: { id: 'source', version: 9 },
      deletions: 'all',
      rows: rowsOf(['z', 1, 1, true, null, null]),
    }),
  )
  expect(await warehouse.query(serials)).toEqual([{ serial: 'z', uses: 1 }])
})

test('a load that started from an older state is refused', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.load(load(3))
  const late = warehouse.load(load(5, { since: { id: 'source', version: 2 } }))
  await expect(late).rejects.toThrow(
    new WarehouseConflict(
      'parts was loaded to version 3 of source meanwhile; this load starts from version 2 of source',
    ),
  )
})

test('a load whose rows end in an error leaves nothing', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.upsert(parts, [['old', 1, 1, true, null, null]])
  const broken = async function* (): AsyncGenerator<readonly [string, number, number, boolean, null, null]> {
    yield ['new', 1, 1, true, null, null]
    throw new Error('the lake went away')
  }
  await expect(warehouse.load(load(1, { deletions: 'all', rows: broken() }))).rejects.toThrow(
    'the lake went away',
  )
  expect(await warehouse.query(serials)).toEqual([{ serial: 'old', uses: 1 }])
  expect(await warehouse.loaded(parts)).toBeNull()
})

test('what is recorded during a load is neither part of it nor lost with it', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  const other: WarehouseTable = { ...parts, name: 'others' }
  await warehouse.migrate([other])
  let upsert = Promise.resolve()
  const rows = async function* (): AsyncGenerator<readonly [string, number, number, boolean, null, null]> {
    yield ['new', 1, 1, true, null, null]
    upsert = warehouse.upsert(other, [['kept', 1, 1, true, null, null]])
    expect(await warehouse.query(serials)).toEqual([])
    throw new Error('stop')
  }
  await expect(warehouse.load(load(1, { rows: rows() }))).rejects.toThrow('stop')
  await upsert
  expect(await warehouse.query('SELECT serial FROM others')).toEqual([{ serial: 'kept' }])
})

test('a migration adds columns and indexes, and says what it cannot do', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.upsert(parts, [['a', 1, 1, true, null, null]])
  const grown: WarehouseTable = {
    ...parts,
    columns: [...parts.columns, { name: 'colour', type: 'string', nullable: true }],
    indexes: [['colour', 'size']],
  }
  await warehouse.migrate([grown])
  await warehouse.migrate([grown])
  expect(await warehouse.query('SELECT serial, colour FROM parts')).toEqual([{ serial: 'a', colour: null }])
  expect(
    await warehouse.query("SELECT name FROM sqlite_schema WHERE name LIKE 'parts\\_\\_%' ESCAPE '\\'"),
  ).toEqual([{ name: 'parts__colour__size' }])
  const retyped: WarehouseTable = { ...parts, columns: [{ name: 'serial', type: 'int', nullable: false }] }
  await expect(warehouse.migrate([retyped])).rejects.toThrow(
    'column serial is TEXT NOT NULL, wanted is INTEGER NOT NULL',
  )
  await expect(warehouse.migrate([{ ...parts, key: ['size'] }])).rejects.toThrow(
    'its key is (serial), wanted is (size)',
  )
})

test('names that are not identifiers never reach SQL', async () => {
  const { warehouse } = await temporaryWarehouse()
  await expect(warehouse.migrate([{ ...parts, name: 'a"; DROP TABLE b; --' }])).rejects.toThrow(
    'is no name for a table or column',
  )
})

test('a warehouse that is closed and opened again has everything', async () => {
  const { file, warehouse } = await temporaryWarehouse()
  await warehouse.migrate([parts])
  await warehouse.load(load(2, { rows: rowsOf(['a', 1, 1, true, null, null]) }))
  await warehouse.close()
  await warehouse.close()
  const again = await openSqliteWarehouse(file)
  try {
    expect(await again.query(serials)).toEqual([{ serial: 'a', uses: 1 }])
    expect(await again.loaded(parts)).toEqual({ id: 'source', version: 2 })
  } finally {
    await again.close()
  }
})

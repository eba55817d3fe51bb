import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTable } from '../../../tables/build/build-table.ts'
import type { TableContract } from '../../../tables/contract.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

interface Row {
  readonly id: number
  readonly scan: string
  readonly part: string | null
  readonly value: number | null
}

let tables = 0
const contract = (materialization: TableContract['materialization']) =>
  contractOf({
    name: `silver.drawn_${++tables}`,
    columns: [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'scan', type: 'string', nullable: false },
      { name: 'part', type: 'string', nullable: true },
      { name: 'value', type: 'double', nullable: true },
    ],
    key: ['id'],
    partitionBy: ['part'],
    materialization,
  })

let batches = 0
function build(table: TableContract, rows: readonly Row[]) {
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`)
  const values = rows.map(
    ({ id, scan, part, value }) =>
      `(${id}::BIGINT, ${text(scan)}::VARCHAR, ${text(part)}::VARCHAR, ${value ?? 'NULL'}::DOUBLE)`,
  )
  const sql = `SELECT * FROM (VALUES ${['(0::BIGINT, NULL::VARCHAR, NULL::VARCHAR, NULL::DOUBLE)', ...values].join(', ')}) AS v(id, scan, part, value) WHERE id > 0`
  const batch = `b${++batches}`
  return buildTable({ ...fixture, contract: table, sql, batch, parameters: {}, contractOf: async () => null })
}

async function content(table: TableContract): Promise<Row[]> {
  const rows = await rowsOf(fixture, table, 'id')
  return rows.map((row) => ({
    id: Number(row['id']),
    scan: String(row['scan']),
    part: typeof row['part'] === 'string' ? row['part'] : null,
    value: row['value'] === null ? null : Number(row['value']),
  }))
}

const row = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  scan: fc.constantFrom('s1', 's2', 's3'),
  part: fc.constantFrom(null, 'p/1', 'p 2', 'ü'),
  value: fc.constantFrom(null, 0, 1.5),
})
const batchesOf = fc.array(fc.uniqueArray(row, { maxLength: 8, selector: ({ id }) => id }), {
  minLength: 1,
  maxLength: 6,
})
const byId = (rows: Iterable<Row>) => [...rows].sort((left, right) => left.id - right.id)

/** What each materialization means for a table held in memory. */
const meanings: [
  string,
  TableContract['materialization'],
  (table: readonly Row[], rows: readonly Row[]) => Row[],
][] = [
  [
    'a merge by key',
    { type: 'merge' },
    (table, rows) => [...table.filter((old) => rows.every((one) => one.id !== old.id)), ...rows],
  ],
  [
    'a merge by scope',
    { type: 'merge', replaceBy: ['scan'] },
    (table, rows) => [
      ...table.filter((old) => rows.every((one) => one.id !== old.id && one.scan !== old.scan)),
      ...rows,
    ],
  ],
  ['a replacement', { type: 'replace' }, (_, rows) => [...rows]],
]

describe.each(meanings)('%s', (_, materialization, meaning) => {
  it('does to any table what it means, counts it, and does it once', async () => {
    const property = fc.asyncProperty(batchesOf, async (drawn) => {
      const table = contract(materialization)
      let expected: Row[] = []
      for (const rows of drawn) {
        const before = expected
        expected = byId(meaning(before, rows))
        const built = await build(table, rows)
        expect(await content(table)).toEqual(expected)
        expect(built.rows).toBe(expected.length)
        if (materialization.type === 'merge') {
          const old = new Map(before.map((one) => [one.id, JSON.stringify(one)]))
          const now = new Map(expected.map((one) => [one.id, JSON.stringify(one)]))
          const counts = {
            rowsInserted: [...now.keys()].filter((id) => !old.has(id)).length,
            rowsUpdated: [...now].filter(([id, text]) => old.has(id) && old.get(id) !== text).length,
            rowsDeleted: [...old.keys()].filter((id) => !now.has(id)).length,
          }
          expect(built).toMatchObject(counts)
        }
        expect(await build(table, rows)).toMatchObject({ committed: false, version: built.version })
      }
    })
    await fc.assert(property, { numRuns: 8 })
  })
})

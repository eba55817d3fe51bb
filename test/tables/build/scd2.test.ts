import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTable } from '../../../tables/build/build-table.ts'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'
import { pythonMissing, pythonTitle, readWithPython } from '../python-deltalake.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

let tables = 0
const dimension = (more: Record<string, unknown> = {}): TableContract =>
  contractOf({
    name: `silver.dim_${++tables}`,
    columns: [
      { name: 'sk', type: 'bigint', nullable: false },
      { name: 'id', type: 'string', nullable: false },
      { name: 'version', type: 'int', nullable: false },
      { name: 'scale', type: 'double', nullable: true },
      { name: 'note', type: 'string', nullable: true },
      { name: 'effective_date', type: 'timestamp', nullable: false },
      { name: 'end_date', type: 'timestamp', nullable: true },
      { name: 'is_current', type: 'boolean', nullable: false },
    ],
    key: ['sk'],
    materialization: {
      type: 'scd2',
      naturalKey: ['id'],
      sequence: 'verified_at',
      tracked: ['scale'],
      surrogateKey: 'sk',
      version: 'version',
      effectiveDate: 'effective_date',
      endDate: 'end_date',
      isCurrent: 'is_current',
      ...more,
    },
  })

interface Observation {
  readonly id: string
  /** Day of January. */
  readonly day: number
  readonly scale: number | null
  readonly note: string
}

let batches = 0
function observe(contract: TableContract, observed: readonly Observation[], batch = `b${++batches}`) {
  const rows = observed.map(
    ({ id, day, scale, note }) =>
      `('${id}', make_timestamp(2026, 1, ${day}, 0, 0, 0), CAST(${scale ?? 'NULL'} AS DOUBLE), '${note}')`,
  )
  const sql = `SELECT * FROM (VALUES ${rows.join(', ')}) AS v(id, verified_at, scale, note)`
  return buildTable({
    ...fixture,
    contract,
    sql,
    contractOf: async () => null,
    documentOf: async () => null,
    batch,
    parameters: {},
  })
}

interface Version {
  readonly id: string
  readonly version: number
  readonly scale: number | null
  readonly note: string
  readonly from: number
  readonly to: number | null
}

/** The history as one would write it down by hand: all observations in order, a version where the scale changes. */
function replayed(observed: readonly Observation[]): Version[] {
  const histories = Map.groupBy(observed, (one) => one.id)
  return [...histories].flatMap(([id, all]) => {
    const versions: {
      version: number
      scale: number | null
      note: string
      from: number
      to: number | null
    }[] = []
    for (const { day, scale, note } of all.toSorted((a, b) => a.day - b.day)) {
      const last = versions.at(-1)
      if (last !== undefined && last.scale === scale) continue
      if (last !== undefined) last.to = day
      versions.push({ version: versions.length + 1, scale, note, from: day, to: null })
    }
    return versions.map((version) => ({ id, ...version }))
  })
}

async function history(contract: TableContract): Promise<Version[]> {
  const rows = await rowsOf(fixture, contract, 'id, effective_date')
  const day = (value: unknown) => (typeof value === 'string' ? Number(value.slice(8, 10)) : null)
  return rows.map((row) => {
    expect(row['is_current']).toBe(row['end_date'] === null)
    return {
      id: String(row['id']),
      version: Number(row['version']),
      scale: row['scale'] === null ? null : Number(row['scale']),
      note: String(row['note']),
      from: day(row['effective_date']) ?? 0,
      to: day(row['end_date']),
    }
  })
}

const sorted = (versions: Version[]) =>
  versions.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.from - b.from))

const at = (day: number, scale: number | null, id = 'k') => ({ id, day, scale, note: `${id}${day}` })

describe('scd2', () => {
  it('splits a version where a late arrival falls into it', async () => {
    const contract = dimension()
    await observe(contract, [at(1, 1), at(9, 1)])
    expect(await history(contract)).toEqual([
      { id: 'k', version: 1, scale: 1, note: 'k1', from: 1, to: null },
    ])
    const late = await observe(contract, [at(5, 2)])
    expect(late).toMatchObject({ committed: true, rowsInserted: 2, rowsUpdated: 1, rows: 3 })
    expect(await history(contract)).toEqual([
      { id: 'k', version: 1, scale: 1, note: 'k1', from: 1, to: 5 },
      { id: 'k', version: 2, scale: 2, note: 'k5', from: 5, to: 9 },
      { id: 'k', version: 3, scale: 1, note: 'k9', from: 9, to: null },
    ])
  })

  it('changes nothing when the same content comes again', async () => {
    const contract = dimension()
    await observe(contract, [at(1, 1), at(2, 2)])
    expect(await observe(contract, [at(2, 2), at(1, 1)])).toMatchObject({ committed: false, version: 0 })
  })

  it('keeps surrogate keys of versions that stay', async () => {
    const contract = dimension()
    await observe(contract, [at(1, 1), at(9, 2)])
    const before = (await rowsOf(fixture, contract, 'effective_date')).map((row) => row['sk'])
    await observe(contract, [at(5, 3)])
    const after = (await rowsOf(fixture, contract, 'effective_date')).map((row) => row['sk'])
    expect([after[0], after[2]]).toEqual(before)
    expect(new Set(after).size).toBe(3)
  })

  it('refuses two contents at one time, in a batch and between batches', async () => {
    const contract = dimension()
    const message = expect.stringMatching(
      /different contents at the same time, 1 of them: id k, verified_at 2026-01-01/,
    )
    await expect(observe(contract, [at(1, 1), at(1, 2)])).rejects.toMatchObject({
      name: 'DataError',
      message,
    })
    await observe(contract, [at(1, 1)])
    await expect(observe(contract, [at(1, 2)])).rejects.toMatchObject({ name: 'DataError', message })
    expect(await history(contract)).toHaveLength(1)
  })

  it('lets the tie-break column choose between two contents at one time, whichever came first', async () => {
    const one = { id: 'k', day: 1, scale: 1, note: 'a' }
    const two = { id: 'k', day: 1, scale: 2, note: 'b' }
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const contract = dimension({ tieBreak: 'note' })
      for (const observation of order) await observe(contract, [observation])
      expect(await history(contract)).toMatchObject([{ scale: 2, note: 'b', from: 1, to: null }])
    }
  })

  it('refuses an observation without key or time', async () => {
    const contract = dimension()
    const sql = `SELECT 'k' AS id, CAST(NULL AS TIMESTAMP) AS verified_at, 1.0 AS scale, '' AS note`
    const attempt = buildTable({
      ...fixture,
      contract,
      sql,
      contractOf: async () => null,
      documentOf: async () => null,
      batch: 'x',
      parameters: {},
    })
    await expect(attempt).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(/not_null\.verified_at: 1 rows/),
    })
  })

  it.skipIf(pythonMissing !== null)(`is read by ${pythonTitle}`, async () => {
    const contract = dimension()
    await observe(contract, [at(1, 1), at(3, null), at(2, 5, 'other')])
    const { rows } = readWithPython(join(fixture.root, tableFolder(contract.name)))
    expect(
      rows
        .map((row) => `${String(row['id'])} ${String(row['effective_date'])} ${String(row['end_date'])}`)
        .sort(),
    ).toEqual([
      'k 2026-01-01T00:00:00.000000Z 2026-01-03T00:00:00.000000Z',
      'k 2026-01-03T00:00:00.000000Z null',
      'other 2026-01-02T00:00:00.000000Z null',
    ])
  })

  it('equals a naive replay, in whatever order and batches the observations come', async () => {
    const observation = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      day: fc.integer({ min: 1, max: 12 }),
      scale: fc.constantFrom(null, 1, 2),
    })
    const batch = fc.integer({ min: 0, max: 4 })
    const property = fc.asyncProperty(
      fc.uniqueArray(fc.tuple(observation, batch, fc.boolean()), {
        minLength: 1,
        maxLength: 20,
        selector: ([{ id, day }]) => `${id}${day}`,
      }),
      async (drawn) => {
        const contract = dimension()
        const all = drawn.map(([{ id, day, scale }]) => at(day, scale, id))
        const seen: Observation[] = []
        for (let index = 0; index <= 4; index++) {
          const own = all.filter((_, at) => drawn[at]?.[1] === index)
          // Some come a second time in the batch after.
          const repeated = all.filter((_, at) => drawn[at]?.[1] === index - 1 && drawn[at]?.[2] === true)
          if (own.length + repeated.length === 0) continue
          await observe(contract, [...own, ...repeated])
          seen.push(...own)
          expect(await history(contract)).toEqual(sorted(replayed(seen)))
        }
      },
    )
    await fc.assert(property, { numRuns: 15 })
  })
})

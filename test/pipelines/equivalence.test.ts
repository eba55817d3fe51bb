import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  byBackfill,
  byHand,
  bySchedule,
  byTwoInstallations,
  comparedTables,
  differencesOf,
  type Outcome,
  type Way,
} from '../support/equivalence.ts'
import { makeDrops, type Drops } from '../support/gelsight-drops.ts'

/** `npm run equivalence` goes on from here with orders drawn by chance. */
let samples: string
let drops: Drops
let once: Outcome

const way = (name: string): Way => ({ name, drops: samples, temporalAddress: inject('temporalAddress') })

beforeAll(async () => {
  samples = await mkdtemp(join(tmpdir(), 'headrace-drops-'))
  drops = await makeDrops(samples)
  const { bare, whole, calibrations, laterCalibrations } = drops
  once = await byHand(way('once'), [[[...bare, ...whole, calibrations, laterCalibrations]]])
}, 300_000)

afterAll(() => rm(samples, { recursive: true, force: true }))

const arrangements: readonly { title: string; outcome: (drops: Drops) => Promise<Outcome> }[] = [
  {
    title: 'as six batches, calibrations in between and last',
    outcome: ({ bare, whole, calibrations, laterCalibrations }) =>
      byHand(way('six'), [
        [[bare[1]]],
        [[laterCalibrations]],
        [[whole[0]]],
        [[whole[1]]],
        [[bare[0]]],
        [[calibrations]],
      ]),
  },
  {
    title: 'as two batches at the same time',
    outcome: ({ bare, whole, calibrations, laterCalibrations }) =>
      byHand(way('two'), [
        [
          [bare[0], whole[0], laterCalibrations],
          [bare[1], whole[1], calibrations],
        ],
      ]),
  },
  {
    title: 'by a backfill of three days, at the same time in each layer',
    outcome: ({ bare, whole, calibrations, laterCalibrations }) =>
      byBackfill(way('backfill'), [[...bare], [whole[1], calibrations], [whole[0], laterCalibrations]], 3),
  },
  {
    title: 'by the schedule of a daily trigger, a day at a time',
    outcome: ({ bare, whole, calibrations, laterCalibrations }) =>
      bySchedule(way('schedule'), [
        [bare[1], whole[1]],
        [laterCalibrations, bare[0]],
        [calibrations, whole[0]],
      ]),
  },
  {
    title: 'by two installations on one lake, at the same time',
    outcome: ({ bare, whole, calibrations, laterCalibrations }) =>
      byTwoInstallations(way('pair'), [
        [bare[0], whole[0], laterCalibrations],
        [bare[1], whole[1], calibrations],
      ]),
  },
]

describe('the same drops give the same silver and gold', () => {
  it.each(arrangements)(
    '$title',
    async ({ outcome }) => {
      expect(differencesOf(once, await outcome(drops))).toEqual([])
    },
    300_000,
  )

  it('and the comparison has something to compare: late calibrations, verified again, and bad scans', async () => {
    const rows = (table: string): Record<string, unknown>[] => {
      const { columns, rows: found } = once.tables[table] ?? { columns: [], rows: [] }
      return found.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
    }
    for (const table of Object.keys(comparedTables)) expect(rows(table).length, table).toBeGreaterThan(0)
    expect(rows('silver.dim_calibration').map((row) => row['version'])).toContain(2)
    const matches = rows('silver.fact_scan_metadata').map((row) => row['calibration_match'])
    expect(new Set(matches)).toEqual(new Set(['valid', 'before first version']))
  })

  it('and it finds a row that is there twice, one that is missing and a value that is not the same', () => {
    const table = 'silver.fact_measurements'
    const { columns, rows } = once.tables[table] ?? { columns: [], rows: [] }
    const [first = [], ...others] = rows
    const at = columns.findIndex(({ name }) => name === 'measurement_value')
    const changed = first.map((value, index) => (index === at ? 1e9 : value))
    const wrong = [[...rows, first], others, [changed, ...others]]
    for (const one of wrong)
      expect(
        differencesOf(once, { ...once, tables: { ...once.tables, [table]: { columns, rows: one } } }),
      ).not.toEqual([])
  })
})

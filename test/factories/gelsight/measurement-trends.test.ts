import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../tables/rows/values.ts'
import { calibrationRow } from './bronze-rows.ts'
import { type GelsightTables, openGelsightTables } from './gelsight-tables.ts'
import { type Point, addSeries, day } from './series.ts'

/** Each chart has a device of its own, so that all are built at once. */
function chart(device_id: string, values: readonly number[], scan: (i: number) => Row = () => ({})): Point[] {
  return values.map((value, i) => ({ value, at: day(i), scan: { device_id, ...scan(i) } }))
}

/** 13 times 10 and 12 times 11, in turns: mean 262 / 25 = 10.48, every moving range 1, so limits 10.48 ± 2.659. */
const baseline = Array.from({ length: 25 }, (_, i) => 10 + (i % 2))
const gelAfter = (n: number) => (i: number) => ({ gel_id: i < n ? 'G-1' : 'G-2' })

const charts = {
  byHand: chart('by hand', [10, 12, 11, 13]),
  beyond: chart('beyond', [...baseline, 13.13, 13.14, 7.83, 7.82]),
  oneSide: chart('one side', [...baseline, ...Array<number>(10).fill(12)]),
  otherSide: chart('other side', [...baseline, 12, ...Array<number>(10).fill(9)]),
  brokenSide: chart('broken side', [...baseline, 12, 12, 12, 12, 12, 12, 12, 12, 10, 12]),
  rising: chart('rising', [...baseline, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 10.7]),
  level: chart('level', [...baseline, 10.1, 10.2, 10.3, 10.3, 10.4, 10.5, 10.6]),
  falling: chart('falling', [5, 6, 5.9, 5.8, 5.7, 5.6, 5.5]),
  gel: chart('gel', [10, 10.2, 20, 20.4, 20.8], gelAfter(2)),
  runAcross: chart('run across', [1, 2, 3, 4, 5, 6], gelAfter(3)),
  back: chart('back', [10, 20, 11], (i) => ({ gel_id: i === 1 ? 'G-2' : 'G-1' })),
  single: chart('single', [10]),
}

let tables: GelsightTables
beforeAll(async () => {
  tables = await openGelsightTables()
  await addSeries(tables, 'b1', Object.values(charts).flat())
  await tables.build('gold.measurement_trends', 'b1')
})
afterAll(async () => tables[Symbol.asyncDispose]())

async function trend(device: string): Promise<Record<string, unknown>[]> {
  return tables.query(
    `SELECT * FROM gold.measurement_trends WHERE device_id = '${device}' ORDER BY segment, point`,
  )
}

test('computes an I-MR chart by hand: 10, 12, 11, 13', async () => {
  // Moving ranges 2, 1, 2: mean 5/3. Limits 11.5 ± 2.659 x 5/3 = 11.5 ± 4.431667; range limit 3.267 x 5/3 = 5.445.
  const rows = await trend('by hand')
  expect(rows.map((row) => row['moving_range'])).toEqual([null, 2, 1, 2])
  for (const row of rows) {
    expect(row).toMatchObject({
      segment: 1,
      centre: 11.5,
      mr_mean: expect.closeTo(5 / 3, 12),
      sigma: expect.closeTo(5 / 3 / 1.128, 12),
      lcl: expect.closeTo(7.068333, 6),
      ucl: expect.closeTo(15.931667, 6),
      mr_ucl: expect.closeTo(5.445, 9),
      baseline_points: 4,
      limits_frozen: false,
      segment_start: day(0),
      baseline_end: day(3),
      nelson_1: false,
    })
  }
  // Averages of what there is so far. Slope of four: sum of (x - 1.5)(y - 11.5) = 4, of (x - 1.5)^2 = 5.
  expect(rows.map((row) => row['moving_average'])).toEqual([10, 11, 11, 11.5])
  expect(rows.map((row) => row['slope_per_day'])).toEqual([
    null,
    expect.closeTo(2, 9),
    expect.closeTo(0.5, 9),
    expect.closeTo(0.8, 9),
  ])
})

test('rule 1 flags what lies beyond the limits, which the first 25 points freeze', async () => {
  const rows = await trend('beyond')
  for (const row of rows) {
    expect(row).toMatchObject({
      centre: expect.closeTo(10.48, 12),
      ucl: expect.closeTo(13.139, 9),
      lcl: expect.closeTo(7.821, 9),
      limits_frozen: true,
      baseline_points: 25,
      baseline_end: day(24),
    })
  }
  const flagged = rows.filter((row) => row['nelson_1'] === true).map((row) => row['value'])
  expect(flagged).toEqual([13.14, 7.82])
})

test('the range of a jump beyond 3.267 mean ranges is flagged', async () => {
  const rows = await trend('beyond')
  // 13.14 to 7.83 is 5.31, beyond 3.267 x 1; 10 to 13.13 is 3.13, within.
  expect(rows.filter((row) => row['mr_out_of_control'] === true).map((row) => row['value'])).toEqual([7.83])
})

test.each([
  // Point 25 is 10, below the centre: the run begins at 26, its ninth is 34.
  { rule: 'nelson_2', title: 'the ninth and later on one side', device: 'one side', points: [34, 35] },
  {
    rule: 'nelson_2',
    title: 'the ninth and later on the other side',
    device: 'other side',
    points: [35, 36],
  },
  { rule: 'nelson_2', title: 'nothing after eight, one below and one', device: 'broken side', points: [] },
  // 10 (point 25), 10.1 … 10.7: six in a row rising are reached at 10.5, point 30.
  { rule: 'nelson_3', title: 'the sixth and later rising', device: 'rising', points: [30, 31, 32] },
  { rule: 'nelson_3', title: 'nothing where two equal ones break the run', device: 'level', points: [] },
  // 6, 5.9, 5.8, 5.7, 5.6, 5.5 is the sixth: point 7.
  { rule: 'nelson_3', title: 'the sixth falling', device: 'falling', points: [7] },
  { rule: 'nelson_3', title: 'no run across a change of gel', device: 'run across', points: [] },
])('$rule flags $title', async ({ rule, device, points }) => {
  const rows = await trend(device)
  expect(rows.filter((row) => row[rule] === true).map((row) => row['point'])).toEqual(points)
})

test('a change of gel begins a segment: no range, limits and averages of its own', async () => {
  // Gel 1: 10, 10.2: centre 10.1, range .2. Gel 2: 20, 20.4, 20.8: centre 20.4, ranges .4 and .4.
  const shown = (await trend('gel')).map((row) => [
    row['segment'],
    row['point'],
    row['moving_range'],
    row['centre'],
    row['moving_average'],
    row['segment_start'],
  ])
  const near = (value: number): unknown => expect.closeTo(value, 9)
  expect(shown).toEqual([
    [1, 1, null, near(10.1), near(10), day(0)],
    [1, 2, near(0.2), near(10.1), near(10.1), day(0)],
    [2, 1, null, near(20.4), near(20), day(2)],
    [2, 2, near(0.4), near(20.4), near(20.2), day(2)],
    [2, 3, near(0.4), near(20.4), near(20.4), day(2)],
  ])
})

test('a gel that comes back begins a third segment', async () => {
  expect((await trend('back')).map((row) => [row['segment'], row['gel_id'], row['moving_range']])).toEqual([
    [1, 'G-1', null],
    [2, 'G-2', null],
    [3, 'G-1', null],
  ])
})

test('every device has a chart of its own, also where their days alternate', async () => {
  await using own = await openGelsightTables()
  const alternating = [1, 101, 2, 102, 4, 105].map((value, i) => ({
    value,
    at: day(i),
    scan: { device_id: i % 2 === 0 ? 'D-1' : 'D-2' },
  }))
  await addSeries(own, 'b1', alternating)
  await own.build('gold.measurement_trends', 'b1')
  // D-1: 1, 2, 4 with ranges 1 and 2; D-2: 101, 102, 105 with ranges 1 and 3. Between devices there is none.
  expect(
    await own.query(
      'SELECT device_id, point, moving_range FROM gold.measurement_trends ORDER BY device_id, point',
    ),
  ).toEqual(
    [['D-1', [null, 1, 2]] as const, ['D-2', [null, 1, 3]] as const].flatMap(([device_id, ranges]) =>
      ranges.map((moving_range, i) => ({ device_id, point: i + 1, moving_range })),
    ),
  )
})

test('a single point has a centre and no limits', async () => {
  expect(await trend('single')).toMatchObject([
    { centre: 10, sigma: null, lcl: null, ucl: null, slope_per_day: null, nelson_1: false, nelson_2: false },
  ])
})

test('a day is one point: the mean of its values', async () => {
  await using own = await openGelsightTables()
  await addSeries(own, 'b1', [
    { value: 1, at: '2026-01-01T08:00:00Z' },
    { value: 3, at: '2026-01-01T09:00:00Z' },
    { value: 4, at: '2026-01-02T09:00:00Z' },
  ])
  await own.build('gold.measurement_trends', 'b1')
  expect(
    await own.query('SELECT trend_date, n, value, moving_range FROM gold.measurement_trends ORDER BY 1'),
  ).toEqual([
    { trend_date: '2026-01-01', n: '2', value: 2, moving_range: null },
    { trend_date: '2026-01-02', n: '1', value: 4, moving_range: 2 },
  ])
})

test('a change of calibration begins a segment, and a batch writes only the rows that it changes', async () => {
  await using own = await openGelsightTables()
  await own.bronze('calibrations', 'c', [
    calibrationRow({ content_sha256: 'c1' }),
    calibrationRow({ content_sha256: 'c2', effective_at: '2026-01-03T00:00:00Z' }),
  ])
  await own.build('silver.dim_calibration', 'c')
  const calibrated = (value: number, i: number): Point => ({
    value,
    at: day(i),
    scan: { calibration_id: 'Calib-A' },
  })
  await addSeries(own, 'b1', [...[1, 2, 3, 4].map(calibrated), ...chart('other', [1, 2])])
  await own.build('gold.measurement_trends', 'b1')
  const shown = `
    SELECT device_id, segment, point, moving_range, batch_id FROM gold.measurement_trends ORDER BY device_id, trend_date`
  const first = [
    { device_id: '00020015', segment: 1, point: 1, moving_range: null },
    { device_id: '00020015', segment: 1, point: 2, moving_range: 1 },
    { device_id: '00020015', segment: 2, point: 1, moving_range: null },
    { device_id: '00020015', segment: 2, point: 2, moving_range: 1 },
  ]
  const other = [
    { device_id: 'other', segment: 1, point: 1, moving_range: null, batch_id: 'b1' },
    { device_id: 'other', segment: 1, point: 2, moving_range: 1, batch_id: 'b1' },
  ]
  expect(await own.query(shown)).toEqual([...first.map((row) => ({ ...row, batch_id: 'b1' })), ...other])

  await addSeries(own, 'b2', [calibrated(7, 4)])
  await own.build('gold.measurement_trends', 'b2')
  // The limits of the open segment follow its new point; the closed one stays.
  expect(await own.query(shown)).toEqual([
    ...[...first, { device_id: '00020015', segment: 2, point: 3, moving_range: 3 }].map((row) => ({
      ...row,
      batch_id: row.segment === 1 ? 'b1' : 'b2',
    })),
    ...other,
  ])
})

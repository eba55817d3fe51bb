import { expect, onTestFinished, test } from 'vitest'
import { resultRow } from './bronze-rows.ts'
import { openGelsightTables } from './gelsight-tables.ts'
import { type Point, addSeries } from './series.ts'

async function report(limits: object, points: readonly Point[]) {
  const routineSchemas = {
    gels: { max_uses: 100 },
    routines: [{ type: 'HoleByEdge', results: [{ name: 'diameter', unit: 'mm', ...limits }] }],
  }
  const tables = await openGelsightTables({ routineSchemas })
  onTestFinished(() => tables[Symbol.asyncDispose]())
  await addSeries(tables, 'b1', points)
  await tables.build('gold.qc_reporting', 'b1')
  return tables.query('SELECT * FROM gold.qc_reporting ORDER BY report_date, device_id')
}

const minutes = (values: readonly number[], rest: Partial<Point> = {}): Point[] =>
  values.map((value, i) => ({
    value,
    at: `2026-02-10T10:${String(i).padStart(2, '0')}:00Z`,
    ...rest,
  }))

test('computes a group by hand: 10.0, 10.2, 9.9, 10.1, 9.8 within 9.0 to 10.5', async () => {
  const [row, ...others] = await report(
    { tolerance_min: 9, tolerance_max: 10.5 },
    minutes([10, 10.2, 9.9, 10.1, 9.8]),
  )
  expect(others).toEqual([])
  // Deviations from the mean 10: 0, .2, -.1, .1, -.2; their squares sum to .10: sd = sqrt(.10 / 4) = 0.158114.
  // Moving ranges .2, .3, .2, .3: mean .25; sd within = .25 / 1.128 = 0.221631.
  // Cp = 1.5 / (6 x .221631) = 1.128; Cpk = (10.5 - 10) / (3 x .221631) = 0.752, the other side has 1.504.
  // Pp = 1.5 / (6 x .158114) = 1.581139; Ppk = .5 / (3 x .158114) = 1.054093.
  // Interval: 1.96 x sqrt(1 / (9 x 5) + .752^2 / (2 x 4)) = 1.96 x sqrt(.022222 + .070688) = 0.597431.
  // Quantiles between sorted values at places .05 x 4 = .2 and .95 x 4 = 3.8: 9.82 and 10.18.
  expect(row).toMatchObject({
    report_date: '2026-02-10',
    device_id: '00020015',
    routine_name: 'Hole Diameter',
    measurement_name: 'diameter',
    measurement_unit: 'mm',
    n: '5',
    judged: '5',
    passes: '5',
    pass_rate: 1,
    mean: expect.closeTo(10, 10),
    sd: expect.closeTo(0.158114, 6),
    min: 9.8,
    max: 10.2,
    p05: expect.closeTo(9.82, 10),
    p50: 10,
    p95: expect.closeTo(10.18, 10),
    tolerance_min: 9,
    tolerance_max: 10.5,
    sd_within: expect.closeTo(0.221631, 6),
    cp: expect.closeTo(1.128, 6),
    cpk: expect.closeTo(0.752, 6),
    cpk_lower: expect.closeTo(0.752 - 0.597431, 5),
    cpk_upper: expect.closeTo(0.752 + 0.597431, 5),
    pp: expect.closeTo(1.581139, 6),
    ppk: expect.closeTo(1.054093, 6),
    is_provisional: true,
  })
})

test.each([
  {
    title: 'with an upper limit only, Cpk is that side and there is no Cp',
    limits: { tolerance_max: 10.5 },
    points: minutes([10, 10.2, 9.9, 10.1, 9.8]),
    row: { cp: null, cpk: expect.closeTo(0.752, 6), pp: null },
  },
  {
    // (10 - 9) / (3 x .25 / 1.128)
    title: 'with a lower limit only, Cpk is that side and there is no Cp',
    limits: { tolerance_min: 9 },
    points: minutes([10, 10.2, 9.9, 10.1, 9.8]),
    row: { cp: null, cpk: expect.closeTo(1.504, 6), pp: null },
  },
  {
    title: 'without limits there is no capability and no pass rate where analysis says nothing',
    limits: {},
    points: minutes([10, 10.2], { result: { passed_analysis: null } }),
    row: { cp: null, cpk: null, judged: '0', passes: '0', pass_rate: null },
  },
  {
    title: 'values outside fail',
    limits: { tolerance_min: 9, tolerance_max: 10.1 },
    points: minutes([10, 10.2, 9.9, 10.3]),
    row: { judged: '4', passes: '2', pass_rate: 0.5 },
  },
  {
    title: 'one value has no spread',
    limits: { tolerance_min: 9, tolerance_max: 11 },
    points: minutes([10]),
    row: { n: '1', sd: null, sd_within: null, cp: null, cpk: null, cpk_lower: null, p05: 10, p95: 10 },
  },
  {
    title: 'equal values have no estimate of spread',
    limits: { tolerance_min: 9, tolerance_max: 11 },
    points: minutes([10, 10, 10]),
    row: { sd: 0, sd_within: null, cpk: null, ppk: null },
  },
  {
    // Ranges within a gel: .2 and .1; the step of 5 between them is none. Mean .15 / 1.128.
    title: 'a change of gel gives no moving range',
    limits: { tolerance_min: 9, tolerance_max: 20 },
    points: [
      ...minutes([10, 10.2]),
      { value: 15.2, at: '2026-02-10T11:00:00Z', scan: { gel_id: 'G-2' } },
      { value: 15.3, at: '2026-02-10T11:01:00Z', scan: { gel_id: 'G-2' } },
    ],
    row: { n: '4', sd_within: expect.closeTo(0.15 / 1.128, 9) },
  },
  {
    title: 'a value beyond reason is left out',
    limits: {},
    points: minutes([10, 1e200]),
    row: { n: '1', mean: 10 },
  },
])('$title', async ({ limits, points, row }) => {
  const rows = await report(limits, points)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject(row)
})

test('limits that differ within a group are no limits of the group', async () => {
  const limits = { nominal: 'nominaldiameter', lower: -1, upper: 1 }
  const routineSchemas = {
    routines: [{ type: 'HoleByEdge', results: [{ name: 'diameter', unit: 'mm', ...limits }] }],
  }
  await using tables = await openGelsightTables({ routineSchemas })
  await tables.bronze('measurements', 'nominals', [
    resultRow({ scan_id: 'b1-000', result_name: 'nominaldiameter', value: 10 }),
    resultRow({ scan_id: 'b1-001', result_name: 'nominaldiameter', value: 11 }),
  ])
  await addSeries(tables, 'b1', minutes([10, 11]))
  await tables.build('gold.qc_reporting', 'b1')
  expect(await tables.query('SELECT passes, tolerance_min, cpk FROM gold.qc_reporting')).toEqual([
    { passes: '2', tolerance_min: null, cpk: null },
  ])
})

test('rebuilds only the days and devices that a batch touches, and what a moved scan leaves', async () => {
  await using tables = await openGelsightTables()
  await addSeries(tables, 'b1', [
    { value: 1.1, at: '2026-02-10' },
    { value: 1.2, at: '2026-02-11' },
    { value: 1.3, at: '2026-02-11', scan: { device_id: 'D-2' } },
  ])
  await tables.build('gold.qc_reporting', 'b1')
  // The first scan comes again, made a day later than it said before.
  await addSeries(tables, 'b2', [
    { value: 1.4, at: '2026-02-11', scan: { scan_id: 'b1-000', revision: 1 }, result: { revision: 1 } },
  ])
  const built = await tables.build('gold.qc_reporting', 'b2')
  expect(built).toMatchObject({ rowsInserted: 0, rowsUpdated: 1, rowsDeleted: 1 })
  expect(
    await tables.query(
      'SELECT report_date, device_id, n, batch_id FROM gold.qc_reporting ORDER BY device_id',
    ),
  ).toEqual([
    { report_date: '2026-02-11', device_id: '00020015', n: '2', batch_id: 'b2' },
    { report_date: '2026-02-11', device_id: 'D-2', n: '1', batch_id: 'b1' },
  ])
  expect(await tables.build('gold.qc_reporting', 'b2', '2027-01-01T00:00:00Z')).toMatchObject({
    committed: false,
  })
})

import { expect, onTestFinished, test } from 'vitest'
import { checkQuality } from '../../activities/check-quality.ts'
import { calibrationRow, resultRow, scanRow, shapeRow } from '../factories/gelsight/bronze-rows.ts'
import { openGelsightTables, silverTables } from '../factories/gelsight/gelsight-tables.ts'

async function openTables() {
  const tables = await openGelsightTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  const check = async (batch: string, of = silverTables) =>
    tables.run(checkQuality, batch, { tables: of, batch, processedAt: '2026-03-01T00:00:00Z' })
  return { tables, check }
}

test('measures each table of a batch and finds nothing wrong with good rows', async () => {
  const { tables, check } = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
  await tables.bronze('shapes', 'b1', [shapeRow({ scan_id: 's1' })])
  await tables.bronze('measurements', 'b1', [resultRow({ scan_id: 's1' })])
  await tables.silver('b1')
  const output = await check('b1')
  expect(output).toMatchObject({ lowest: 1, belowMinimum: [] })
  expect(await tables.query('SELECT * FROM silver.quality_quarantine')).toEqual([])
})

test('keeps every failing row with its rule, and says which tables are incomplete', async () => {
  const { tables, check } = await openTables()
  // Three scans: one whole, one without operator and calibration, one whose routine names a shape that is not there.
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
  await tables.bronze('scans', 'b1', [
    scanRow({ scan_id: 's1' }),
    scanRow({ scan_id: 's2', operator_name: null, calibration_id: 'Calib-Lost' }),
    scanRow({ scan_id: 's3', mm_per_pixel: null }),
  ])
  await tables.bronze('shapes', 'b1', [shapeRow({ scan_id: 's1' }), shapeRow({ scan_id: 's2' })])
  await tables.bronze(
    'measurements',
    'b1',
    ['s1', 's2', 's3'].map((scan_id) => resultRow({ scan_id })),
  )
  await tables.silver('b1')

  const output = await check('b1')

  // fact_scan_metadata: 3 rows x 7 required columns = 21 cells, operator and mmperpixel missing: 19 / 21.
  // fact_measurements: 3 x 7 = 21 cells, x_pixel and y_pixel of s3 missing: 19 / 21. One of 3 shapes does not resolve.
  expect(output['tables']).toEqual(
    expect.arrayContaining([
      {
        table: 'silver.fact_scan_metadata',
        completeness: expect.closeTo(19 / 21, 10),
        uniqueness: 1,
        validity: expect.closeTo(2 / 3, 10),
        consistency: 1,
        anomalies: 0,
        quarantined: 3,
      },
      {
        table: 'silver.fact_measurements',
        completeness: expect.closeTo(19 / 21, 10),
        uniqueness: 1,
        validity: 1,
        consistency: expect.closeTo(13 / 14, 10),
        anomalies: 0,
        quarantined: 3,
      },
    ]),
  )
  expect(output['lowest']).toBeCloseTo(19 / 21, 10)
  expect(output['belowMinimum']).toEqual(['silver.fact_scan_metadata', 'silver.fact_measurements'])
  const findings = await tables.query(`
    SELECT rule, row_json->>'scan_id' AS scan, detail FROM silver.quality_quarantine ORDER BY rule, scan`)
  expect(findings).toEqual([
    { rule: 'complete.mmperpixel_used', scan: 's3', detail: 'mmperpixel_used has no value' },
    { rule: 'complete.operator_name', scan: 's2', detail: 'operator_name has no value' },
    { rule: 'complete.x_pixel', scan: 's3', detail: 'x_pixel has no value' },
    { rule: 'complete.y_pixel', scan: 's3', detail: 'y_pixel has no value' },
    {
      rule: 'consistent.shape_id',
      scan: 's3',
      detail: expect.stringMatching(/^no row of silver\.dim_shapes has shape_id \d+$/),
    },
    {
      rule: 'valid.calibration.valid',
      scan: 's2',
      detail: `does not hold: calibration_match IN ('valid', 'not named')`,
    },
  ])
})

test('the same batch again writes nothing and answers the same', async () => {
  const { tables, check } = await openTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1', operator_name: null })])
  await tables.silver('b1')
  const first = await check('b1')
  const versions = 'SELECT count(*) AS n, max(created_date) AS latest FROM silver.quality_quarantine'
  const before = await tables.query(versions)
  expect(await check('b1')).toEqual(first)
  expect(await tables.query(versions)).toEqual(before)
})

test('a table without rows of the batch has no shares and is never below the minimum', async () => {
  const { check } = await openTables()
  expect(await check('b1', ['silver.dim_shapes'])).toEqual({
    tables: [
      {
        table: 'silver.dim_shapes',
        completeness: null,
        uniqueness: null,
        validity: null,
        consistency: null,
        anomalies: 0,
        quarantined: 0,
      },
    ],
    lowest: null,
    belowMinimum: [],
  })
})

test.each([
  { title: 'a value far from the others', values: [1.0, 1.1, 0.9, 1.05, 0.95, 9], found: [9] },
  { title: 'no value of an even spread', values: [1, 2, 3, 4, 5, 6], found: [] },
  // Median 3, MAD 1: z = 0.6745 x 5.18 = 3.494 and 0.6745 x 5.2 = 3.507.
  { title: 'no value with a robust z-score of 3.494', values: [1, 2, 3, 4, 8.18], found: [] },
  { title: 'a value with a robust z-score of 3.507', values: [1, 2, 3, 4, 8.2], found: [8.2] },
  // Median 1, MAD 0, mean absolute deviation 7/10: z = 7 / (1.2533 x 0.7) = 7.98.
  {
    title: 'the one that differs where all others are equal',
    values: [1, 1, 1, 1, 1, 1, 1, 1, 1, 8],
    found: [8],
  },
  { title: 'nothing among fewer than five values', values: [1, 1.1, 0.9, 99], found: [] },
])('an anomaly is $title', async ({ values, found }) => {
  const { tables, check } = await openTables()
  await tables.bronze(
    'scans',
    'b1',
    values.map((_, i) => scanRow({ scan_id: `s${i}` })),
  )
  await tables.bronze(
    'measurements',
    'b1',
    values.map((value, i) => resultRow({ scan_id: `s${i}`, value })),
  )
  await tables.build('silver.fact_scan_metadata', 'b1')
  await tables.build('silver.fact_measurements', 'b1')
  await check('b1', ['silver.fact_measurements'])
  const rows = await tables.query(`
    SELECT CAST(row_json->>'measurement_value' AS DOUBLE) AS value FROM silver.quality_quarantine WHERE rule = 'anomaly.robust_z'`)
  expect(rows.map(({ value }) => value)).toEqual(found)
})

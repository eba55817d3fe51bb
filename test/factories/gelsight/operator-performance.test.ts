import { expect, test } from 'vitest'
import { openGelsightTables } from './gelsight-tables.ts'
import { type Point, addSeries } from './series.ts'

function scan(operator_name: string | null, time: string, value: number, rest: Partial<Point> = {}): Point {
  return { value, at: `2026-02-10T${time}:00Z`, ...rest, scan: { operator_name, ...rest.scan } }
}
const failed = { result: { passed_analysis: false } }

test('counts the scans of a day by operator and compares their spread with everybody', async () => {
  await using tables = await openGelsightTables()
  await addSeries(tables, 'b1', [
    // ada: four scans in an hour and a half, one failed and scanned again after five minutes.
    scan('ada', '08:00', 10),
    scan('ada', '08:30', 12, failed),
    scan('ada', '08:35', 11, { scan: { gel_id: 'G-2', gel_use_count: 40 } }),
    scan('ada', '09:30', 11, { scan: { gel_use_by: '2026-02-09T00:00:00Z' } }),
    // bob: a failed one, repeated too late to count as a rescan.
    scan('bob', '08:00', 14, failed),
    scan('bob', '08:11', 16),
    scan(null, '12:00', 12),
  ])
  await tables.build('gold.operator_performance', 'b1')
  const rows = await tables.query('SELECT * FROM gold.operator_performance ORDER BY operator_name')
  // All seven values 10 12 11 11 14 16 12: mean 86/7; squares sum to 1082; sd = sqrt((1082 - 86²/7) / 6) = 2.058663.
  // ada: 10 12 11 11 has sd sqrt(2/3) = 0.816497, ratio 0.396615; bob: 14 16 has sd sqrt(2), ratio 0.686957.
  expect(rows).toMatchObject([
    {
      operator_name: 'ada',
      scans: '4',
      judged_scans: '4',
      passed_scans: '3',
      pass_rate: 0.75,
      rescans: '1',
      rescan_rate: 0.25,
      scans_per_hour: 2,
      devices_used: '1',
      gels_used: '2',
      gel_uses: '4',
      highest_gel_use_count: 40,
      overdue_gel_scans: '1',
      measurements: '4',
      measurement_sd_ratio: expect.closeTo(0.396615, 6),
    },
    {
      operator_name: 'bob',
      scans: '2',
      passed_scans: '1',
      rescans: '0',
      scans_per_hour: expect.closeTo(60 / 11, 9),
      measurement_sd_ratio: expect.closeTo(0.686957, 6),
    },
    {
      operator_name: 'unknown',
      scans: '1',
      scans_per_hour: null,
      measurement_sd_ratio: null,
    },
  ])
})

test('a later revision is a rescan, and takes the scan from the operator who had it before', async () => {
  await using tables = await openGelsightTables()
  await addSeries(tables, 'b1', [scan('ada', '08:00', 10), scan('bob', '08:00', 10)])
  await tables.build('gold.operator_performance', 'b1')
  const again = { scan: { scan_id: 'b1-000', revision: 1 }, result: { revision: 1 } }
  await addSeries(tables, 'b2', [scan('cleo', '08:00', 10, again)])
  await tables.build('gold.operator_performance', 'b2')
  expect(
    await tables.query('SELECT operator_name, scans, rescans FROM gold.operator_performance ORDER BY 1'),
  ).toEqual([
    { operator_name: 'bob', scans: '1', rescans: '0' },
    { operator_name: 'cleo', scans: '1', rescans: '1' },
  ])
})

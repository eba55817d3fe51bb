import { expect, onTestFinished, test } from 'vitest'
import { checkQuality } from '../../../activities/check-quality.ts'
import { calibrationRow, resultRow, scanRow } from './bronze-rows.ts'
import { type GelsightTables, openGelsightTables } from './gelsight-tables.ts'

async function openTables(): Promise<GelsightTables> {
  const tables = await openGelsightTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  return tables
}

/** What facts point to, with the version's own content. */
const applied = `
  SELECT f.scan_id, f.revision, f.year, f.month, f.measurement_value AS value, d.content_sha256 AS content, d.version
  FROM silver.fact_measurements f LEFT JOIN silver.dim_calibration d USING (calibration_sk) ORDER BY f.scan_id`

/** Why, in the order in which it happened. */
const why = `
  SELECT l.scan_id, l.revision, l.processing_context AS why, d.content_sha256 AS content, l.batch_id
  FROM silver.calibration_lineage l LEFT JOIN silver.dim_calibration d USING (calibration_sk) ORDER BY l.batch_id, l.scan_id`

async function bring(
  tables: GelsightTables,
  batch: string,
  scan: { scan_id: string; revision?: number; created_at?: string | null; value?: number },
): Promise<void> {
  const { value = 1.1, ...row } = scan
  await tables.bronze('scans', batch, [scanRow(row)])
  await tables.bronze('measurements', batch, [
    resultRow({ scan_id: scan.scan_id, revision: scan.revision ?? 0, value }),
  ])
}

test.each([
  ['one after the other', ['b1', 'b2', 'b3']],
  ['with silver of the last one first', ['b3', 'b1', 'b2']],
  ['with silver of all at the end, backwards', ['b3', 'b2', 'b1']],
])('a scan that is reprocessed twice has the rows of its last revision only, %s', async (_title, order) => {
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
  const isInTurn = order[0] === 'b1'
  for (const [revision, batch] of ['b1', 'b2', 'b3'].entries()) {
    await bring(tables, batch, { scan_id: 's1', revision, value: 1 + revision })
    if (isInTurn) await tables.silver(batch)
  }
  if (!isInTurn) for (const batch of order) await tables.silver(batch)
  expect(await tables.query(applied)).toEqual([
    { scan_id: 's1', revision: 2, year: 2026, month: 2, value: 3, content: 'c1', version: 1 },
  ])
  const status = 'SELECT processing_status, revision FROM silver.fact_scan_metadata'
  expect(await tables.query(status)).toEqual([{ processing_status: 'REPROCESSING', revision: 2 }])
  const lineage = await tables.query(why)
  const ofLast = lineage.filter((row) => row['revision'] === 2).map((row) => [row['why'], row['content']])
  // The calibration is in bronze with the first batch, and no version before its silver.
  expect(ofLast).toEqual(
    isInTurn
      ? [['new revision', 'c1']]
      : expect.arrayContaining([
          ['new revision, calibration before first version', null],
          ['late calibration', 'c1'],
        ]),
  )
})

test('a calibration that is verified again is a new version from then on, and the facts after it move to it', async () => {
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'january' })])
  await bring(tables, 'b1', { scan_id: 'early', created_at: '2026-01-20T08:00:00Z' })
  // In bronze before silver of the first batch, which takes it along for its calibration.
  await bring(tables, 'b2', { scan_id: 'late', created_at: '2026-02-20T08:00:00Z' })
  await tables.silver('b1')
  await tables.silver('b2')
  await tables.bronze('calibrations', 'b3', [
    calibrationRow({ content_sha256: 'verified again', effective_at: '2026-02-01T00:00:00Z' }),
  ])
  await tables.silver('b3')
  expect(await tables.query(applied)).toMatchObject([
    { scan_id: 'early', content: 'january', version: 1 },
    { scan_id: 'late', content: 'verified again', version: 2 },
  ])
  expect(await tables.query(why)).toEqual([
    { scan_id: 'early', revision: 0, why: 'new scan', content: 'january', batch_id: 'b1' },
    { scan_id: 'late', revision: 0, why: 'new scan', content: 'january', batch_id: 'b1' },
    { scan_id: 'late', revision: 0, why: 'late calibration', content: 'verified again', batch_id: 'b3' },
  ])
  expect(
    await tables.query('SELECT end_date, is_current FROM silver.dim_calibration ORDER BY version'),
  ).toEqual([
    { end_date: '2026-02-01 00:00:00', is_current: false },
    { end_date: null, is_current: true },
  ])
})

test('a calibration and its verification that come in one late batch, newest first, re-key every scan once', async () => {
  const tables = await openTables()
  await bring(tables, 'b1', { scan_id: 'early', created_at: '2026-01-20T08:00:00Z' })
  await bring(tables, 'b1b', { scan_id: 'late', created_at: '2026-02-20T08:00:00Z' })
  await tables.silver('b1')
  await tables.silver('b1b')
  await tables.bronze('calibrations', 'b2', [
    calibrationRow({ content_sha256: 'again', effective_at: '2026-02-01T00:00:00Z' }),
    calibrationRow({ content_sha256: 'first' }),
  ])
  await tables.silver('b2')
  expect(await tables.query(applied)).toMatchObject([
    { scan_id: 'early', content: 'first', version: 1 },
    { scan_id: 'late', content: 'again', version: 2 },
  ])
  const lineage = await tables.query(why)
  expect(lineage.filter((row) => row['batch_id'] === 'b2').map((row) => row['why'])).toEqual([
    'late calibration',
    'late calibration',
  ])
})

/** The clock of a scanning PC is wrong, then somebody mends it and exports the scan again. */
const jumps = [
  {
    title: 'to the year of its battery',
    wrong: '1999-01-01T00:00:10Z',
    before: { content: null, version: null, year: 1999, month: 1 },
    why: 'new scan, calibration before first version',
    rule: null,
  },
  {
    title: 'into the future',
    wrong: '2031-05-05T08:00:00Z',
    before: { content: 'march', version: 2, year: 2031, month: 5 },
    why: 'new scan',
    rule: 'valid.timestamp.not_in_future',
  },
  {
    title: 'to nothing that can be read',
    wrong: null,
    before: { content: null, version: null, year: 2026, month: 2 },
    why: 'new scan, calibration no scan time',
    rule: null,
  },
] as const

test.each(jumps)('a PC clock that jumped $title is mended by the next export', async (jump) => {
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [
    calibrationRow({ content_sha256: 'january' }),
    calibrationRow({ content_sha256: 'march', effective_at: '2026-03-01T00:00:00Z' }),
  ])
  await bring(tables, 'b1', { scan_id: 's1', created_at: jump.wrong })
  await tables.silver('b1')
  expect(await tables.query(applied)).toMatchObject([{ scan_id: 's1', revision: 0, ...jump.before }])
  if (jump.rule !== null) {
    await tables.run(checkQuality, 'b1', {
      tables: ['silver.fact_scan_metadata'],
      batch: 'b1',
      minimumCompleteness: 0.95,
      processedAt: '2026-03-01T00:00:00Z',
    })
    const found = await tables.query('SELECT rule FROM silver.quality_quarantine')
    expect(found.map((row) => row['rule'])).toContain(jump.rule)
  }

  await bring(tables, 'b2', { scan_id: 's1', revision: 1, created_at: '2026-02-10T10:00:00Z' })
  await tables.silver('b2')
  expect(await tables.query(applied)).toEqual([
    { scan_id: 's1', revision: 1, year: 2026, month: 2, value: 1.1, content: 'january', version: 1 },
  ])
  expect(await tables.query('SELECT scan_id, year, month FROM silver.fact_scan_metadata')).toEqual([
    { scan_id: 's1', year: 2026, month: 2 },
  ])
  expect((await tables.query(why)).map((row) => [row['why'], row['content']])).toEqual([
    [jump.why, jump.before.content],
    ['new revision', 'january'],
  ])
})

test('a calibration dated into the future by a wrong clock leaves the scans of today with the one before', async () => {
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'january' })])
  await bring(tables, 'b1', { scan_id: 's1' })
  await tables.silver('b1')
  await tables.bronze('calibrations', 'b2', [
    calibrationRow({ content_sha256: 'wrong clock', effective_at: '2031-01-01T00:00:00Z' }),
  ])
  await tables.silver('b2')
  expect(await tables.query(applied)).toMatchObject([{ scan_id: 's1', content: 'january', version: 1 }])
  // The same file with its date mended: from its real date on it counts, and the facts follow.
  await tables.bronze('calibrations', 'b3', [
    calibrationRow({ content_sha256: 'right clock', effective_at: '2026-02-01T00:00:00Z' }),
  ])
  await tables.silver('b3')
  expect(await tables.query(applied)).toMatchObject([{ scan_id: 's1', content: 'right clock', version: 2 }])
  expect((await tables.query(why)).at(-1)).toMatchObject({ why: 'late calibration', content: 'right clock' })
})

import { expect, onTestFinished, test } from 'vitest'
import { calibrationRow, resultRow, scanRow, shapeRow } from './bronze-rows.ts'
import { type GelsightTables, openGelsightTables, rebuildBatch } from './gelsight-tables.ts'

async function openTables(): Promise<GelsightTables> {
  const tables = await openGelsightTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  return tables
}

test('a new revision replaces the rows of its scan and leaves others alone', async () => {
  const tables = await openTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' }), scanRow({ scan_id: 's2' })])
  await tables.bronze('shapes', 'b1', [
    shapeRow({ scan_id: 's1' }),
    shapeRow({ scan_id: 's1', shape_id: '8' }),
    shapeRow({ scan_id: 's2' }),
  ])
  await tables.bronze('measurements', 'b1', [
    resultRow({ scan_id: 's1', value: 1.1 }),
    resultRow({ scan_id: 's1', result_name: 'circularity', value: 0.01 }),
    resultRow({ scan_id: 's2', value: 1.2 }),
  ])
  await tables.silver('b1')
  const ids = await tables.query(
    `SELECT measurement_id FROM silver.fact_measurements WHERE scan_id = 's1' AND measurement_name = 'diameter'`,
  )

  const revised = { scan_id: 's1', revision: 1 }
  await tables.bronze('scans', 'b2', [scanRow({ ...revised, created_at: '2026-03-05T08:00:00Z' })])
  await tables.bronze('shapes', 'b2', [shapeRow({ ...revised, x: 500 })])
  await tables.bronze('measurements', 'b2', [resultRow({ ...revised, value: 1.15 })])
  await tables.silver('b2', '2026-04-01T00:00:00Z')

  expect(
    await tables.query(`
      SELECT scan_id, measurement_name, measurement_value, revision, year, month, batch_id FROM silver.fact_measurements ORDER BY scan_id`),
  ).toEqual([
    {
      scan_id: 's1',
      measurement_name: 'diameter',
      measurement_value: 1.15,
      revision: 1,
      year: 2026,
      month: 3,
      batch_id: 'b2',
    },
    {
      scan_id: 's2',
      measurement_name: 'diameter',
      measurement_value: 1.2,
      revision: 0,
      year: 2026,
      month: 2,
      batch_id: 'b1',
    },
  ])
  expect(
    await tables.query(`SELECT measurement_id FROM silver.fact_measurements WHERE scan_id = 's1'`),
  ).toEqual(ids)
  expect(
    await tables.query('SELECT scan_id, source_shape_id, x_pixel FROM silver.dim_shapes ORDER BY scan_id'),
  ).toEqual([
    { scan_id: 's1', source_shape_id: '7', x_pixel: 500 },
    { scan_id: 's2', source_shape_id: '7', x_pixel: 100 },
  ])
  expect(
    await tables.query(
      'SELECT scan_id, processing_status, revision FROM silver.fact_scan_metadata ORDER BY scan_id',
    ),
  ).toEqual([
    { scan_id: 's1', processing_status: 'REPROCESSING', revision: 1 },
    { scan_id: 's2', processing_status: 'SUCCESS', revision: 0 },
  ])
})

test('a revision that measures nothing takes the old measurements away', async () => {
  const tables = await openTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
  await tables.bronze('measurements', 'b1', [resultRow({ scan_id: 's1' })])
  await tables.silver('b1')
  await tables.bronze('scans', 'b2', [scanRow({ scan_id: 's1', revision: 1 })])
  await tables.silver('b2')
  expect(await tables.query('SELECT * FROM silver.fact_measurements')).toEqual([])
})

test('the version of a calibration that a scan was made with', async () => {
  // Versions from 1 January and from 1 February.
  const cases = [
    { title: 'at the start of a version', at: '2026-02-01T00:00:00Z', version: 2, match: 'valid' },
    { title: 'just before it', at: '2026-01-31T23:59:59Z', version: 1, match: 'valid' },
    { title: 'long after the last', at: '2030-01-01T00:00:00Z', version: 2, match: 'valid' },
    { title: 'before the first', at: '2025-12-31T23:59:59Z', version: null, match: 'before first version' },
    { title: 'without a time', at: null, version: null, match: 'no scan time' },
    { title: 'naming none', at: '2026-02-01T00:00:00Z', named: null, version: null, match: 'not named' },
    {
      title: 'naming an unknown one',
      at: '2026-02-01T00:00:00Z',
      named: 'X',
      version: null,
      match: 'not in lake',
    },
    {
      title: 'naming it by its file',
      at: '2026-02-01T00:00:00Z',
      named: 'Calib-A_20260101',
      version: 2,
      match: 'valid',
    },
  ]
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [
    calibrationRow({ content_sha256: 'c1', file_name: 'Calib-A_20260101.yaml' }),
    calibrationRow({ content_sha256: 'c2', effective_at: '2026-02-01T00:00:00Z' }),
  ])
  const scans = cases.map(({ title, at, named = 'Calib-A' }) =>
    scanRow({ scan_id: title, created_at: at, calibration_id: named }),
  )
  await tables.bronze('scans', 'b1', scans)
  await tables.build('silver.dim_calibration', 'b1')
  await tables.build('silver.fact_scan_metadata', 'b1')
  const found = await tables.query(`
    SELECT m.scan_id AS title, m.calibration_match AS match, d.version, m.calibration_sk = -1 AS unknown
    FROM silver.fact_scan_metadata m LEFT JOIN silver.dim_calibration d USING (calibration_sk)`)
  const expected = cases.map(({ title, version, match }) => ({
    title,
    match,
    version,
    unknown: version === null,
  }))
  expect(new Set(found)).toEqual(new Set(expected))
})

test('a calibration that arrives late splits the interval and moves the facts that fall into it', async () => {
  const tables = await openTables()
  const days = ['2026-01-10', '2026-02-10', '2026-03-10']
  await tables.bronze('calibrations', 'b1', [
    calibrationRow({ content_sha256: 'january', effective_at: '2026-01-01T00:00:00Z' }),
    calibrationRow({ content_sha256: 'march', effective_at: '2026-03-01T00:00:00Z', is_verified: false }),
  ])
  await tables.bronze('scans', 'b1', [
    ...days.map((day) => scanRow({ scan_id: day, created_at: `${day}T10:00:00Z` })),
    scanRow({ scan_id: 'other', calibration_id: 'Calib-B' }),
  ])
  await tables.bronze(
    'measurements',
    'b1',
    [...days, 'other'].map((scan_id) => resultRow({ scan_id })),
  )
  await tables.silver('b1')
  const applied = async () =>
    tables.query(`
      SELECT f.scan_id, d.content_sha256 AS content, d.version, c.calibration_version, f.batch_id
      FROM silver.fact_measurements f LEFT JOIN silver.dim_calibration d USING (calibration_sk)
      JOIN silver.dim_analysis_version_context c USING (version_context_id) ORDER BY f.scan_id`)
  const other = { scan_id: 'other', content: null, version: null, calibration_version: null, batch_id: 'b1' }
  const row = (scan_id: string, content: string, version: number, batch_id: string) => ({
    scan_id,
    content,
    version,
    calibration_version: String(version),
    batch_id,
  })
  expect(await applied()).toEqual([
    row('2026-01-10', 'january', 1, 'b1'),
    row('2026-02-10', 'january', 1, 'b1'),
    row('2026-03-10', 'march', 2, 'b1'),
    other,
  ])

  await tables.bronze('calibrations', 'b2', [
    calibrationRow({ content_sha256: 'february', effective_at: '2026-02-01T00:00:00Z' }),
  ])
  await tables.silver('b2')

  expect(await applied()).toEqual([
    row('2026-01-10', 'january', 1, 'b2'),
    row('2026-02-10', 'february', 2, 'b2'),
    row('2026-03-10', 'march', 3, 'b2'),
    other,
  ])
  expect(
    await tables.query(`
      SELECT l.processing_context, d.content_sha256 AS content FROM silver.calibration_lineage l
      JOIN silver.dim_calibration d USING (calibration_sk) WHERE scan_id = '2026-02-10' ORDER BY l.batch_id`),
  ).toEqual([
    { processing_context: 'new scan', content: 'january' },
    { processing_context: 'late calibration', content: 'february' },
  ])
})

test('a calibration that arrives after its scans takes the place of the unknown one', async () => {
  const tables = await openTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
  await tables.bronze('measurements', 'b1', [resultRow({ scan_id: 's1' })])
  await tables.silver('b1')
  const confidence = 'SELECT calibration_sk = -1 AS unknown, confidence_score FROM silver.fact_measurements'
  expect(await tables.query(confidence)).toEqual([{ unknown: true, confidence_score: 0.75 }])

  await tables.bronze('calibrations', 'b2', [calibrationRow({ content_sha256: 'c1' })])
  await tables.silver('b2')
  expect(await tables.query(confidence)).toEqual([{ unknown: false, confidence_score: 1 }])
})

test('of two contents of one time the verified one counts, in whatever order they came', async () => {
  for (const order of [
    [true, false],
    [false, true],
  ]) {
    const tables = await openTables()
    for (const [i, verified] of order.entries()) {
      const content = { content_sha256: `verified-${verified}`, is_verified: verified }
      await tables.bronze('calibrations', `b${i}`, [calibrationRow(content)])
      await tables.build('silver.dim_calibration', `b${i}`)
    }
    expect(await tables.query('SELECT content_sha256, version FROM silver.dim_calibration')).toEqual([
      { content_sha256: 'verified-true', version: 1 },
    ])
  }
})

test('a scan that could only be quarantined is known as FAILED until a good one comes', async () => {
  const tables = await openTables()
  const log = {
    log_id: 'l1',
    scan_id: 's1',
    source_path: 'inbox/drop.zip',
    file_count: 3,
    total_bytes: 10,
    parse_status: 'FAILED',
    error_message: 'scan.yaml is empty',
    processing_start_time: '2026-02-11T00:00:00Z',
    processing_end_time: '2026-02-11T00:00:01Z',
    duration_seconds: 1,
    outcome: 'quarantined',
  }
  await tables.bronze('ingestion_log', 'b1', [log])
  await tables.silver('b1')
  const status = 'SELECT scan_id, processing_status, error_message FROM silver.fact_scan_metadata'
  expect(await tables.query(status)).toEqual([
    { scan_id: 's1', processing_status: 'FAILED', error_message: 'scan.yaml is empty' },
  ])
  await tables.bronze('scans', 'b2', [scanRow({ scan_id: 's1' })])
  await tables.silver('b2')
  expect(await tables.query(status)).toEqual([
    { scan_id: 's1', processing_status: 'SUCCESS', error_message: null },
  ])
})

test('a device keeps what its latest files say, and what only older ones said', async () => {
  const tables = await openTables()
  await tables.bronze('scans', 'b1', [
    scanRow({
      scan_id: 's1',
      created_at: '2026-02-10T10:00:00Z',
      device_firmware: '1.2',
      lens_serial: 'L-9',
    }),
  ])
  await tables.build('silver.dim_device', 'b1')
  await tables.bronze('scans', 'b2', [
    scanRow({ scan_id: 's2', created_at: '2026-02-12T10:00:00Z', device_firmware: '1.3' }),
    scanRow({ scan_id: 's3', created_at: '2026-02-01T10:00:00Z', device_firmware: '1.1' }),
  ])
  await tables.build('silver.dim_device', 'b2')
  expect(
    await tables.query(
      'SELECT device_id, device_firmware, lens_serial, first_seen, last_seen FROM silver.dim_device',
    ),
  ).toEqual([
    {
      device_id: '00020015',
      device_firmware: '1.3',
      lens_serial: 'L-9',
      first_seen: '2026-02-01 10:00:00',
      last_seen: '2026-02-12 10:00:00',
    },
  ])
})

test('ids that a scan gives twice do not stop the batch', async () => {
  const tables = await openTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
  await tables.bronze('shapes', 'b1', [shapeRow({ scan_id: 's1', x: 1 }), shapeRow({ scan_id: 's1', x: 2 })])
  await tables.bronze('measurements', 'b1', [
    resultRow({ scan_id: 's1', value: 1, ordinal: 0 }),
    resultRow({ scan_id: 's1', value: 2, ordinal: 1 }),
  ])
  await tables.silver('b1')
  expect(await tables.query('SELECT measurement_value FROM silver.fact_measurements')).toEqual([
    { measurement_value: 1 },
  ])
  expect(await tables.query('SELECT count(*) AS n FROM silver.dim_shapes')).toEqual([{ n: '1' }])
})

test('edited tolerances reach old scans, and gold after them, when everything is rebuilt', async () => {
  const limits = { name: 'diameter', unit: 'mm', tolerance_max: 1.5 }
  const routineSchemas = { gels: { max_uses: 100 }, routines: [{ type: 'HoleByEdge', results: [limits] }] }
  await using tables = await openGelsightTables({ routineSchemas })
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
  await tables.bronze('measurements', 'b1', [resultRow({ scan_id: 's1', value: 1.2 })])
  await tables.silver('b1')
  await tables.build('gold.qc_reporting', 'b1')
  const passes = 'SELECT passes, tolerance_max FROM gold.qc_reporting'
  expect(await tables.query(passes)).toEqual([{ passes: '1', tolerance_max: 1.5 }])

  limits.tolerance_max = 1.1
  await tables.silver(rebuildBatch)
  const lineage = 'SELECT processing_context, batch_id FROM silver.calibration_lineage'
  expect(await tables.query(lineage)).toEqual([
    { processing_context: 'new scan, calibration not in lake', batch_id: 'b1' },
  ])
  await tables.build('gold.qc_reporting', rebuildBatch)
  expect(await tables.query(passes)).toEqual([{ passes: '0', tolerance_max: 1.1 }])
})

import { describe, expect, it } from 'vitest'
import { openBronze } from './bronze-run.ts'
import { guidA, guidB, png, scanFiles, tmd } from './scan-files.ts'

describe('a drop', () => {
  it('becomes objects and rows of bronze, and leaves the inbox', async () => {
    await using bronze = await openBronze({ scanTimeZone: 'Europe/Berlin' })
    await bronze.putZip('drop.zip', {
      ...scanFiles('Gel/Hole'),
      'Gel/Hole/scan.yaml.bak': 'an older one, whatever: [',
      'Gel/Hole/analysis/io_88/image01.png': 'no picture',
      'Gel/Hole/images/image03.png': png(1, 1),
      'Gel/Reports/report.pdf': 'pdf',
    })
    const outputs = await bronze.ingest('b1')
    expect(outputs).toMatchObject({
      FindScans: { batch: 'b1', scanCount: 1, calibrationCount: 1, fileCount: 11, quarantined: 0 },
      'IngestScans 0': { scans: 1, committed: 1, duplicates: 0, quarantined: 0, partial: 0, files: 10 },
      IngestCalibrations: { calibrations: 1, committed: 1 },
      'IngestImages 0': { images: 4, heightmaps: 1, unreadable: 0 },
      ValidateBronze: { findings: 0, errors: 0 },
      ArchiveInbox: { archived: 1, kept: 0 },
    })
    const scan = `bronze/scans/${guidA}`
    expect(Object.keys(await bronze.objects('bronze/scans'))).toEqual([
      `${scan}/content.json`,
      `${scan}/heightmaps/part.tmd`,
      `${scan}/images/image01.png`,
      `${scan}/images/image02.png`,
      `${scan}/images/image03.png`,
      `${scan}/images/part_nrm.png`,
      `${scan}/metadata/analysis_results.json`,
      `${scan}/metadata/raw_yaml/Calib-1.yaml`,
      `${scan}/metadata/raw_yaml/analysis/scancontext.yaml`,
      `${scan}/metadata/raw_yaml/scan.yaml`,
      `${scan}/metadata/raw_yaml/scan.yaml.bak`,
      `${scan}/metadata/scan_metadata.json`,
      `${scan}/other/analysis/io_88/image01.png`,
      `${scan}/processing_log.json`,
      `${scan}/rows.json`,
    ])
    expect(Object.keys(await bronze.objects('bronze/calibrations'))).toEqual([
      'bronze/calibrations/Calib-1/calib_metadata.json',
      'bronze/calibrations/Calib-1/content.json',
      'bronze/calibrations/Calib-1/raw_yaml/Calib-1.yaml',
      'bronze/calibrations/Calib-1/rows.json',
    ])
    expect(Object.keys(await bronze.objects('inbox'))).toEqual([])
    expect(Object.keys(await bronze.objects('archive'))).toEqual(['archive/b1/drop.zip'])
    expect(await bronze.rows('scans')).toMatchObject([
      {
        scan_id: guidA,
        revision: 0,
        batch_id: 'b1',
        source_path: 'inbox/drop.zip/Gel/Hole',
        routine_folder: 'Hole',
        created_at: '2025-09-17 10:58:41',
        created_on_text: '2025-09-17 12:58:41',
        gel_id: '12E5-0017',
        device_id: '00020015',
        calibration_id: 'Calib-1',
        image_count: 2,
        ingested_at: '2026-11-21 10:00:00',
      },
    ])
    expect(await bronze.rows('shapes')).toMatchObject([
      { scan_id: guidA, shape_id: '5', shape_type: 'circle', radius: 1 },
    ])
    expect(await bronze.rows('measurements')).toMatchObject([
      {
        routine_instance_id: '7',
        result_name: 'diameter',
        value: 1.1,
        value_unit: 'mm',
        passed_analysis: true,
        annotation_ids: '["5"]',
      },
    ])
    expect(await bronze.rows('images')).toMatchObject([
      { file_name: 'image01.png', kind: 'image', width: 8, height: 6, bit_depth: 8 },
      { file_name: 'image02.png', kind: 'image' },
      { file_name: 'images/image03.png', kind: 'other', bronze_path: `${scan}/images/image03.png` },
      { file_name: 'part_nrm.png', kind: 'normalmap', width: 4 },
    ])
    expect(await bronze.rows('heightmaps')).toMatchObject([
      { file_name: 'part.tmd', columns: 2, rows: 2, is_complete: true, nodata_share: 0.25 },
    ])
    expect(await bronze.rows('calibrations')).toMatchObject([
      { calibration_id: 'Calib-1', effective_at: '2025-09-01 06:00:00', is_verified: true },
    ])
    expect(await bronze.rows('scan_calibrations')).toMatchObject([
      { scan_id: guidA, calibration_id: 'Calib-1', content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    expect(await bronze.rows('ingestion_log')).toMatchObject([
      {
        scan_id: guidA,
        parse_status: 'SUCCESS',
        outcome: 'committed',
        file_count: 10,
        target_path_bronze: scan,
      },
    ])
    expect(await bronze.rows('validation_findings')).toEqual([])
  })

  it('that is a plain folder gives the same content as its ZIP', async () => {
    await using zipped = await openBronze()
    await using plain = await openBronze()
    await zipped.putZip('drop.zip', scanFiles('Hole'))
    for (const [path, content] of Object.entries(scanFiles('Hole')))
      await plain.putFile(`drop/${path}`, content)
    await zipped.ingest('b1')
    await plain.ingest('b1')
    const [one] = await zipped.rows('scans')
    const [other] = await plain.rows('scans')
    expect(other?.['content_sha256']).toBe(one?.['content_sha256'])
    expect(Object.keys(await plain.objects('archive'))).toContain('archive/b1/drop/Hole/scan.yaml')
    expect(Object.keys(await plain.objects('inbox'))).toEqual([])
  })
})

describe('the same content', () => {
  it('in another ZIP, in another order, is a duplicate and changes nothing', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', scanFiles('Hole'))
    await bronze.ingest('b1')
    const before = await bronze.objects('bronze/scans')
    await bronze.putZip('two.zip', Object.fromEntries(Object.entries(scanFiles('Other/Folder')).reverse()))
    const outputs = await bronze.ingest('b2')
    expect(outputs).toMatchObject({
      'IngestScans 0': { committed: 0, duplicates: 1 },
      IngestCalibrations: { duplicates: 1, committed: 0 },
      ArchiveInbox: { archived: 1 },
    })
    expect(await bronze.objects('bronze/scans')).toEqual(before)
    expect(await bronze.rows('scans')).toHaveLength(1)
    expect(await bronze.rows('calibrations')).toHaveLength(1)
    const log = await bronze.rows('ingestion_log')
    expect(
      new Set(log.map(({ batch_id, outcome, parse_status }) => [batch_id, outcome, parse_status].join(' '))),
    ).toEqual(new Set(['b1 committed SUCCESS', 'b2 duplicate SUCCESS']))
  })

  it('twice in one batch is committed once', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', { ...scanFiles('A'), ...scanFiles('B') })
    await bronze.putZip('two.zip', scanFiles('A'))
    const outputs = await bronze.ingest('b1', { chunkSize: 2 })
    expect(outputs['IngestScans 0']).toMatchObject({ committed: 1, duplicates: 1 })
    expect(outputs['IngestScans 1']).toMatchObject({ committed: 0, duplicates: 1 })
    expect(await bronze.rows('scans')).toHaveLength(1)
    expect(await bronze.rows('ingestion_log')).toHaveLength(3)
  })

  it('without a guid has the same id everywhere', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', scanFiles('A', { guid: null }))
    await bronze.ingest('b1')
    await bronze.putZip(
      'two.zip',
      scanFiles('B', { guid: '00000000-0000-0000-0000-000000000000', diameter: '2 mm' }),
    )
    await bronze.putZip('three.zip', scanFiles('C', { guid: null }))
    const outputs = await bronze.ingest('b2')
    expect(outputs['IngestScans 0']).toMatchObject({ committed: 1, duplicates: 1 })
    const rows = await bronze.rows('scans')
    expect(new Set(rows.map((row) => row['scan_id'])).size).toBe(2)
    for (const row of rows)
      expect(row['scan_id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('other content', () => {
  it('under the same guid is a revision; the older one stays', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', scanFiles('A', { diameter: '1.1 mm' }))
    await bronze.ingest('b1')
    await bronze.putZip('two.zip', scanFiles('A', { diameter: '1.2 mm' }))
    const outputs = await bronze.ingest('b2')
    expect(outputs['IngestScans 0']).toMatchObject({ committed: 0, revisions: 1 })
    const rows = await bronze.rows('scans')
    expect(rows.map(({ revision, bronze_path, batch_id }) => [revision, bronze_path, batch_id])).toEqual([
      [0, `bronze/scans/${guidA}`, 'b1'],
      [1, `bronze/scans/${guidA}/revisions/1`, 'b2'],
    ])
    expect((await bronze.rows('measurements')).map((row) => row['value'])).toEqual([1.1, 1.2])
    // The first content again is the first revision, not a third.
    await bronze.putZip('three.zip', scanFiles('Z', { diameter: '1.1 mm' }))
    expect((await bronze.ingest('b3'))['IngestScans 0']).toMatchObject({ duplicates: 1, revisions: 0 })
  })

  it('of a calibration is a revision of it, and a row of its own', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', scanFiles('A'))
    await bronze.ingest('b1')
    const { calibration } = await import('./scan-files.ts')
    await bronze.putFile('Calib-1_again.yaml', calibration('2025-10-01 08:00:00'))
    const outputs = await bronze.ingest('b2')
    expect(outputs).toMatchObject({
      FindScans: { scanCount: 0, calibrationCount: 1 },
      IngestCalibrations: { committed: 1 },
    })
    const rows = await bronze.rows('calibrations')
    expect(rows.map((row) => row['calibration_id'])).toEqual(['Calib-1', 'Calib-1'])
    expect(new Set(rows.map((row) => row['effective_at']))).toEqual(
      new Set(['2025-09-01 08:00:00', '2025-10-01 08:00:00']),
    )
    expect(Object.keys(await bronze.objects('archive/b2'))).toEqual(['archive/b2/Calib-1_again.yaml'])
  })
})

describe('findings', () => {
  it('make a scan PARTIAL, each with its rule', async () => {
    await using bronze = await openBronze()
    const { ['A/image02.png']: _removed, ...files } = scanFiles('A', {
      width: 9,
      primaryShape: 99,
      diameter: '1,5 mm',
      calib: 'Calib-unknown.yaml',
    })
    files['A/part.tmd'] = tmd([0.1, 0.2, 0.3, 0.4]).subarray(0, 60)
    await bronze.putZip('drop.zip', files)
    const outputs = await bronze.ingest('b1')
    expect(outputs['ValidateBronze']).toMatchObject({
      errors: 5,
      warnings: 1,
      byRule: {
        'image.exists': 1,
        'image.size_equals_scan': 1,
        'heightmap.length_equals_header': 1,
        'routine.primary_shape_exists': 1,
        'result.readable': 1,
        'calibration.exists': 1,
      },
    })
    expect(await bronze.rows('ingestion_log')).toMatchObject([
      { parse_status: 'PARTIAL', outcome: 'committed' },
    ])
    const found = await bronze.rows('validation_findings')
    expect(found.map(({ rule, place }) => `${String(rule)} ${String(place)}`).sort()).toEqual([
      'calibration.exists scan.yaml:calib',
      'heightmap.length_equals_header part.tmd',
      'image.exists image02.png',
      'image.size_equals_scan image01.png',
      'result.readable analysis/scancontext.yaml:routines[0].diameter',
      'routine.primary_shape_exists routine 7',
    ])
  })

  it('report a bronze object that was tampered with', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('one.zip', scanFiles('A'))
    const { findScans } = await import('../../../activities/gelsight/find-scans.ts')
    const { ingestScans } = await import('../../../activities/gelsight/ingest-scans.ts')
    const find = await bronze.call(findScans, { source: 'inbox', batch: 'b1', chunkSize: 25 })
    const manifest = find['manifest'] ?? ''
    await bronze.call(ingestScans, { manifest, chunk: { index: 0, offset: 0, count: 1 } })
    await bronze.fixture.lake.delete(`bronze/scans/${guidA}/images/image01.png`)
    const outputs = await bronze.ingest('b1')
    expect(outputs['ValidateBronze']).toMatchObject({ byRule: { 'bronze.object_complete': 1 } })
  })
})

it('takes calibrations outside of scans for the scans that name them', async () => {
  await using bronze = await openBronze()
  const { ['A/Calib-1.yaml']: calibration = '', ...files } = scanFiles('A', { calib: 'D:/model.yaml' })
  await bronze.putZip('drop.zip', { ...files, 'Calibrations/model.yaml': calibration, 'notes.yaml': 'a: 1' })
  const outputs = await bronze.ingest('b1')
  expect(outputs).toMatchObject({
    FindScans: { calibrationCount: 1 },
    IngestCalibrations: { committed: 1 },
    ValidateBronze: { findings: 0 },
  })
  expect(await bronze.rows('scan_calibrations')).toMatchObject([
    { calibration_id: 'Calib-1', calib_text: 'D:/model.yaml' },
  ])
})

it('keeps two scans of a drop apart, one inside the folder of the other', async () => {
  await using bronze = await openBronze()
  await bronze.putZip('drop.zip', { ...scanFiles('A'), ...scanFiles('A/inner', { guid: guidB }) })
  expect(await bronze.ingest('b1')).toMatchObject({
    FindScans: { scanCount: 2 },
    'IngestScans 0': { committed: 2, files: 14 },
  })
})

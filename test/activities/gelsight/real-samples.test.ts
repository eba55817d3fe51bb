import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { haveSamples, samples, whyNot } from '../../formats/gelsight/samples.ts'
import { openGelsightTables } from '../../factories/gelsight/gelsight-tables.ts'
import { openBronze } from './bronze-run.ts'

describe.skipIf(!haveSamples)(`real samples${whyNot}`, () => {
  it('are all ingested: groove, legacy scans, calibrations', async () => {
    await using bronze = await openBronze()
    await bronze.putFolder('real', samples)
    await makeWritable(join(bronze.fixture.root, 'inbox'))
    const outputs = await bronze.ingest('real')
    expect(outputs).toMatchObject({
      FindScans: { scanCount: 5, calibrationCount: 3, quarantined: 0 },
      'IngestScans 0': { scans: 5, committed: 5, quarantined: 0, missing: 0 },
      IngestCalibrations: { calibrations: 3, committed: 3, quarantined: 0 },
      'IngestImages 0': { images: 7, heightmaps: 1, unreadable: 0 },
      ArchiveInbox: { archived: 1, kept: 0 },
    })
    const log = await bronze.rows('ingestion_log')
    const statuses = Object.fromEntries(log.map((row) => [String(row['source_path']), row['parse_status']]))
    expect(statuses).toEqual({
      'inbox/real/groove': 'SUCCESS',
      'inbox/real/legacy-metadata': 'PARTIAL',
      'inbox/real/scans/bga-001': 'PARTIAL',
      'inbox/real/scans/finger-001': 'PARTIAL',
      'inbox/real/scans/japanese-coin-001': 'PARTIAL',
    })
    const shapes = await bronze.rows('shapes')
    const kinds = shapes.map((row) => String(row['shape_type']))
    expect([
      kinds.filter((kind) => kind === 'gridcircle').length,
      kinds.filter((kind) => kind === 'line').length,
    ]).toEqual([79, 2])
    expect(await bronze.rows('heightmaps')).toMatchObject([
      { file_name: 'heightmap.tmd', columns: 616, rows: 514, is_complete: true, nodata_share: 0 },
    ])
    expect((await bronze.rows('calibrations')).map((row) => row['calibration_id'])).toEqual([
      'Calib-2EF6-4JNW',
      'Calib-4E07-XNJU_20250917_1255',
      'demo-calibration',
    ])
    const findings = await bronze.rows('validation_findings')
    const errors = findings.filter((row) => row['severity'] === 'error')
    expect(new Set(errors.map((row) => row['rule']))).toEqual(
      new Set(['image.exists', 'heightmap.exists', 'normalmap.exists']),
    )
  })

  it('are all in silver and gold; no result is measured, since their one routine has parameters only', async () => {
    await using bronze = await openBronze()
    await bronze.putFolder('real', samples)
    await makeWritable(join(bronze.fixture.root, 'inbox'))
    await bronze.ingest('real')
    const results = await bronze.rows('measurements')
    expect(new Set(results.map((row) => row['routine_type']))).toEqual(new Set(['Profile']))
    expect(results.map((row) => [row['result_name'], row['value_text'], row['value_unit']])).toEqual([
      ['avgmethod', '1', null],
      ['level', 'true', null],
      ['levelend', '1', null],
      ['levelstart', '0', null],
      ['numprofiles', '1', null],
      ['p1pad', '0', null],
      ['p2pad', '0', null],
      ['reintegrate', 'false', null],
      ['width', '0.2', null],
    ])
    await using tables = await openGelsightTables({ fixture: bronze.fixture })
    await tables.silver('real')
    for (const name of ['qc_reporting', 'measurement_trends', 'operator_performance'])
      await tables.build(`gold.${name}`, 'real')
    expect(
      await tables.query(`
        SELECT (SELECT count(*) FROM silver.dim_calibration) AS calibrations, (SELECT count(*) FROM silver.fact_scan_metadata) AS scans,
          (SELECT count(*) FROM silver.dim_shapes) AS shapes, (SELECT count(*) FROM silver.fact_measurements) AS measurements,
          (SELECT count(*) FROM gold.qc_reporting) AS reported, (SELECT count(*) FROM gold.measurement_trends) AS trends,
          (SELECT sum(scans) FROM gold.operator_performance) AS performed`),
    ).toEqual([
      {
        calibrations: '3',
        scans: '5',
        shapes: '81',
        measurements: '0',
        reported: '0',
        trends: '0',
        performed: '5',
      },
    ])
  })
})

/** The samples are read-only, and so are their copies. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name))
}

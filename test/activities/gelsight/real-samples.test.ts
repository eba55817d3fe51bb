import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { haveSamples, samples, whyNot } from '../../formats/gelsight/samples.ts'
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
})

/** The samples are read-only, and so are their copies. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name))
}

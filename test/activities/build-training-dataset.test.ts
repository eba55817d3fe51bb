import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { buildTrainingDataset } from '../../activities/build-training-dataset.ts'
import { calibrationRow, resultRow, scanRow } from '../factories/gelsight/bronze-rows.ts'
import { openGelsightTables } from '../factories/gelsight/gelsight-tables.ts'

const outputSchema = z.strictObject({
  version: z.string(),
  created: z.boolean(),
  rows: z.number(),
  folder: z.string(),
  manifest: z.string(),
  split: z.strictObject({ train: z.number(), validation: z.number(), test: z.number() }),
})

async function openTables() {
  const tables = await openGelsightTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  const build = async (batch: string, processedAt = '2026-03-01T00:00:00Z') =>
    outputSchema.parse(await tables.run(buildTrainingDataset, batch, { batch, processedAt }))
  const scans = async (batch: string, from: number, to: number) => {
    const ids = Array.from({ length: to - from }, (_, i) => `scan-${String(from + i).padStart(4, '0')}`)
    await tables.bronze(
      'scans',
      batch,
      ids.map((scan_id) => scanRow({ scan_id, active_heightmap: 'b.tmd' })),
    )
    const nominal = { result_name: 'nominaldiameter', value: 1.1, ordinal: 1 }
    await tables.bronze(
      'measurements',
      batch,
      ids.flatMap((scan_id, i) => [
        resultRow({ scan_id, value: i % 10 === 0 ? 1.2 : 1.1 }),
        resultRow({ scan_id, ...nominal }),
      ]),
    )
    const map = {
      revision: 0,
      bronze_path: 'x',
      sha256: 'x',
      byte_count: 1,
      columns: 4,
      rows: 4,
      is_complete: true,
    }
    await tables.bronze(
      'heightmaps',
      batch,
      ids.flatMap((scan_id) => [
        { ...map, scan_id, file_name: 'a.tmd', sq_mm: 9 },
        { ...map, scan_id, file_name: 'b.tmd', sq_mm: 0.25 },
      ]),
    )
    await tables.silver(batch)
  }
  return { tables, build, scans }
}

test('writes one row a scan with features, label and split, and a manifest that says where they come from', async () => {
  const { tables, build, scans } = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
  await scans('b1', 0, 200)

  const output = await build('b1')

  const { lake, duckdb } = tables.fixture
  expect(output).toMatchObject({ created: true, rows: 200 })
  const manifest = JSON.parse(await lake.readText(output.manifest))
  expect(manifest).toMatchObject({
    version: output.version,
    origin: { batch: 'b1', processedAt: '2026-03-01T00:00:00Z' },
    rows: 200,
    labels: { fail: 20, pass: 180 },
    split: output.split,
  })
  expect(manifest.sources).toContainEqual({ table: 'silver.fact_measurements', version: 0 })
  const { train, validation, test: held } = manifest.split
  expect(train + validation + held).toBe(200)
  // Binomial: 160 of 200 expected in train, standard deviation 5.7.
  expect(train).toBeGreaterThan(140)
  expect(Math.min(validation, held)).toBeGreaterThan(5)
  const rows = await duckdb.session(async (connection) => {
    const files = join(tables.fixture.root, output.folder, '*.parquet')
    const result = await connection.runAndReadAll(`
      SELECT split, hole_diameter_mm, offset_offset_mm, heightmap_sq_mm, calibration_verified, calibration_age_days, label
      FROM read_parquet('${files}') WHERE scan_id = 'scan-0010'`)
    return result.getRowObjectsJson()
  })
  expect(rows).toEqual([
    {
      split: expect.stringMatching(/^(train|validation|test)$/),
      hole_diameter_mm: 1.2,
      offset_offset_mm: null,
      heightmap_sq_mm: 0.25,
      calibration_verified: true,
      calibration_age_days: '40',
      label: 'fail',
    },
  ])
})

test('the same rows give the same version, which is left as it is; more rows give another', async () => {
  const { tables, build, scans } = await openTables()
  await scans('b1', 0, 20)
  const first = await build('b1')
  const { lake } = tables.fixture
  const before = await lake.readText(first.manifest)

  expect(await build('b2', '2026-04-01T00:00:00Z')).toEqual({ ...first, created: false })
  expect(await lake.readText(first.manifest)).toBe(before)

  await scans('b3', 20, 22)
  const other = await build('b3')
  expect(other.version).not.toBe(first.version)
  expect(other.rows).toBe(22)
})

test('completes a version that a killed attempt left without its manifest', async () => {
  const { tables, build, scans } = await openTables()
  await scans('b1', 0, 20)
  const first = await build('b1')
  const { lake } = tables.fixture
  const manifest = await lake.readText(first.manifest)
  await lake.delete(first.manifest)
  await lake.delete(`${first.folder}/test.parquet`)

  expect(await build('b1')).toEqual(first)
  expect(JSON.parse(await lake.readText(first.manifest))).toEqual(JSON.parse(manifest))
})

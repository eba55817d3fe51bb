import { expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../../tables/rows/values.ts'
import { calibrationRow, resultRow, scanRow, shapeRow } from './bronze-rows.ts'
import { type GelsightTables, openGelsightTables } from './gelsight-tables.ts'

async function openTables(): Promise<GelsightTables> {
  const tables = await openGelsightTables()
  onTestFinished(() => tables[Symbol.asyncDispose]())
  return tables
}

/** All of silver from one scan with its shape and the given results. */
async function scanWith(tables: GelsightTables, results: readonly Row[], scan: Row = {}): Promise<void> {
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1', ...scan })])
  await tables.bronze('shapes', 'b1', [shapeRow({ scan_id: 's1' })])
  const rows = results.map((result, ordinal) => resultRow({ scan_id: 's1', ordinal, ...result }))
  await tables.bronze('measurements', 'b1', rows)
  await tables.silver('b1')
}

test('builds every table from one scan, and the same batch again changes nothing', async () => {
  const tables = await openTables()
  await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
  await scanWith(tables, [{}])
  const count = async (): Promise<unknown> =>
    tables.query(`
      SELECT (SELECT count(*) FROM silver.dim_calibration) AS calibrations, (SELECT count(*) FROM silver.dim_device) AS devices,
        (SELECT count(*) FROM silver.dim_shapes) AS shapes, (SELECT count(*) FROM silver.dim_routines) AS routines,
        (SELECT count(*) FROM silver.dim_analysis_version_context) AS contexts, (SELECT count(*) FROM silver.fact_scan_metadata) AS scans,
        (SELECT count(*) FROM silver.fact_measurements) AS measurements, (SELECT count(*) FROM silver.calibration_lineage) AS lineage`)
  const once = [
    {
      calibrations: '1',
      devices: '1',
      shapes: '1',
      routines: '6',
      contexts: '1',
      scans: '1',
      measurements: '1',
      lineage: '1',
    },
  ]
  expect(await count()).toEqual(once)
  const again = await tables.silver('b1', '2026-05-01T00:00:00Z')
  expect(again.map(({ table, committed }) => ({ table, committed }))).toEqual(
    again.map(({ table }) => ({ table, committed: false })),
  )
  expect(await count()).toEqual(once)
})

test('a configured routine gives its listed results only; one without configuration every scalar with a unit', async () => {
  const tables = await openTables()
  await scanWith(tables, [
    { value: 1.1 },
    { result_name: 'edgesearch', value: 1, value_unit: null },
    { result_name: 'diameter2', value: 1 },
    { routine_type: 'FlatnessByRegion', routine_instance_id: '2', result_name: 'flatness', value: 0.01 },
    {
      routine_type: 'FlatnessByRegion',
      routine_instance_id: '2',
      result_name: 'mode',
      value: 3,
      value_unit: null,
    },
    {
      routine_type: 'FlatnessByRegion',
      routine_instance_id: '2',
      result_name: 'region[0]',
      result_kind: 'tuple',
      value: 5,
    },
    { routine_type: 'FlatnessByRegion', routine_instance_id: '2', result_name: 'none', value: null },
  ])
  expect(
    await tables.query(`
      SELECT r.routine_type, r.routine_name, r.is_configured, r.measurement_count, f.measurement_name, f.measurement_unit
      FROM silver.fact_measurements f JOIN silver.dim_routines r USING (routine_id) ORDER BY r.routine_type`),
  ).toEqual([
    {
      routine_type: 'FlatnessByRegion',
      routine_name: 'Hole Diameter',
      is_configured: false,
      measurement_count: 2,
      measurement_name: 'flatness',
      measurement_unit: 'mm',
    },
    {
      routine_type: 'HoleByEdge',
      routine_name: 'Hole Diameter',
      is_configured: true,
      measurement_count: 2,
      measurement_name: 'diameter',
      measurement_unit: 'mm',
    },
  ])
})

test('a routine that is configured without results gives none, whatever units its parameters carry', async () => {
  const tables = await openTables()
  const profile = { routine_type: 'Profile', routine_instance_id: '2', routine_name: 'Profile' }
  await scanWith(tables, [{ value: 1.1 }, { ...profile, result_name: 'width', value: 0.2 }])
  expect(await tables.query('SELECT measurement_name FROM silver.fact_measurements')).toEqual([
    { measurement_name: 'diameter' },
  ])
  expect(
    await tables.query(`
      SELECT measurement_count, is_active, is_configured FROM silver.dim_routines WHERE routine_type = 'Profile'`),
  ).toEqual([{ measurement_count: 0, is_active: false, is_configured: true }])
})

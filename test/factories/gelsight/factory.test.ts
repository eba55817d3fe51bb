import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { factoryIssues } from '../../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../../clients/factory/read-factory.ts'
import { tableContract } from '../../../tables/contract.ts'
import { buildTable } from '../../../tables/build/build-table.ts'
import { scanRow } from './bronze-rows.ts'
import { openGelsightTables } from './gelsight-tables.ts'

const root = join(import.meta.dirname, '../../..')
const factory = join(root, 'factories/gelsight')

test('the factory has no finding, not even a warning', async () => {
  expect(factoryIssues(await readFactory(factory))).toEqual([])
})

const activitiesOf = z.object({
  properties: z.object({ activities: z.array(z.object({ name: z.string() })) }),
})

test.each([
  {
    pipeline: 'bronze_ingest',
    names: [
      'Wait for input files',
      'Find scans',
      'Ingest scans',
      'Ingest calibrations',
      'Ingest images',
      'Validate bronze',
      'Update SQL metadata',
      'Notify success',
      'Notify failure',
    ],
  },
  {
    pipeline: 'silver_transform',
    names: [
      'Transform calibrations',
      'Transform devices',
      'Transform shapes',
      'Transform routines',
      'Transform scan metadata',
      'Transform version contexts',
      'Transform measurements',
      'Transform calibration lineage',
      'Quality checks',
      'Update metadata',
      'Notify success',
      'Notify failure',
    ],
  },
  {
    pipeline: 'gold_analytics',
    names: [
      'Build QC reporting',
      'Build measurement trends',
      'Build operator performance',
      'Build training dataset',
      'Notify success',
      'Notify failure',
    ],
  },
])(
  '$pipeline reads like its original: the steps of the platform in their order',
  async ({ pipeline, names }) => {
    const text = await readFile(join(factory, `pipeline/${pipeline}.yaml`), 'utf8')
    const { properties } = activitiesOf.parse(load(text))
    const found = properties.activities.map(({ name }) => name)
    expect(found.filter((name) => names.includes(name))).toEqual(names)
  },
)

/** What warehouses and reports outside rely on; more columns may follow. */
const platform: Record<string, string> = {
  dim_calibration:
    'calibration_sk calibration_id device_id version mmperpixel linfit_json quadfit_json is_verified effective_date end_date is_current',
  dim_device: 'device_id device_model device_firmware camera_id lens_serial created_date',
  dim_shapes: 'shape_id scan_id shape_type x_pixel y_pixel width height radius rotation created_date',
  dim_routines: 'routine_id routine_name routine_description measurement_count is_active created_date',
  dim_analysis_version_context:
    'version_context_id sdk_version app_version device_firmware calibration_version scan_date_range_start scan_date_range_end',
  fact_measurements:
    'measurement_id scan_id routine_id shape_id calibration_sk version_context_id measurement_name measurement_value measurement_unit tolerance_min tolerance_max pass_fail_flag confidence_score x_pixel y_pixel x_mm y_mm created_date processed_date',
  fact_scan_metadata:
    'scan_id guid device_id operator_name scan_timestamp mmperpixel_used sdk_version app_version calibration_id image_count is_aligned processing_status created_date',
  ingestion_log:
    'log_id scan_id batch_id source_path target_path_bronze file_count total_bytes parse_status error_message processing_start_time processing_end_time duration_seconds',
  data_quality_metrics:
    'metric_id measurement_date table_name completeness_pct uniqueness_pct validity_pct consistency_score anomaly_count created_date',
  calibration_lineage: 'lineage_id scan_id calibration_sk applied_date processing_context',
}

test.each(Object.entries(platform))('%s begins with the columns of the platform', async (table, columns) => {
  const contract = tableContract.parse(load(await readFile(join(factory, `table/${table}.yaml`), 'utf8')))
  const names = contract.columns.map(({ name }) => name)
  expect(names.slice(0, columns.split(' ').length).join(' ')).toBe(columns)
  expect(contract.warehouse).toBeDefined()
})

test('the table of docs/add-a-table.md can be built as it stands there', async () => {
  const text = await readFile(join(root, 'docs/add-a-table.md'), 'utf8')
  const block = (language: string): string => {
    const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1]
    if (found === undefined) throw new Error(`no ${language} in the page`)
    return found.replaceAll(/^ {3}/gm, '')
  }
  await using tables = await openGelsightTables()
  await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' }), scanRow({ scan_id: 's2', gel_id: null })])
  await tables.build('silver.fact_scan_metadata', 'b1')
  const built = await buildTable({
    ...tables.fixture,
    contract: tableContract.parse(load(block('yaml'))),
    sql: block('sql'),
    contractOf: async (name) => tables.contracts.get(name) ?? null,
    batch: 'b1',
    parameters: {},
  })
  expect(built).toMatchObject({ table: 'gold.scans_by_gel', committed: true, rows: 2 })
})

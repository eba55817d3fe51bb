import { describe, expect, test } from 'vitest'
import { calibrationRow, resultRow, scanRow, shapeRow } from './bronze-rows.ts'
import { openGelsightTables } from './gelsight-tables.ts'

describe('silver', () => {
  test('builds every table from one scan, and the same batch again changes nothing', async () => {
    await using tables = await openGelsightTables()
    await tables.bronze('calibrations', 'b1', [calibrationRow({ content_sha256: 'c1' })])
    await tables.bronze('scans', 'b1', [scanRow({ scan_id: 's1' })])
    await tables.bronze('shapes', 'b1', [shapeRow({ scan_id: 's1' })])
    await tables.bronze('measurements', 'b1', [resultRow({ scan_id: 's1' })])
    const first = await tables.silver('b1')
    expect(first.map(({ table, rows }) => [table, rows])).toMatchInlineSnapshot(`
      [
        [
          "silver.dim_calibration",
          1,
        ],
        [
          "silver.dim_device",
          1,
        ],
        [
          "silver.dim_shapes",
          1,
        ],
        [
          "silver.dim_routines",
          5,
        ],
        [
          "silver.fact_scan_metadata",
          1,
        ],
        [
          "silver.dim_analysis_version_context",
          1,
        ],
        [
          "silver.fact_measurements",
          1,
        ],
        [
          "silver.calibration_lineage",
          1,
        ],
      ]
    `)
    const again = await tables.silver('b1')
    expect(again.map(({ committed }) => committed)).not.toContain(true)
    expect(await tables.query('SELECT * FROM silver.fact_measurements')).toMatchInlineSnapshot(`
      [
        {
          "batch_id": "b1",
          "calibration_sk": "401388848831843449",
          "confidence_score": 1,
          "configured_unit": "mm",
          "created_date": "2026-02-11 00:00:00",
          "device_id": "00020015",
          "gel_id": "G-1",
          "is_configured": true,
          "is_debug": false,
          "measurement_id": "647121234118108050",
          "measurement_name": "diameter",
          "measurement_unit": "mm",
          "measurement_value": 1.1,
          "month": 2,
          "operator_name": "ada",
          "pass_fail_flag": true,
          "passed_analysis": true,
          "processed_date": "2026-03-01 00:00:00",
          "revision": 0,
          "routine_id": "92898643594357363",
          "routine_instance_id": "1",
          "routine_type": "HoleByEdge",
          "scan_date": "2026-02-10",
          "scan_id": "s1",
          "scan_timestamp": "2026-02-10 10:00:00",
          "shape_id": "486267374106881235",
          "tolerance_max": null,
          "tolerance_min": null,
          "value_text": "1.1 mm",
          "version_context_id": "170508491246398761",
          "within_tolerance": null,
          "x_mm": 0.5,
          "x_pixel": 100,
          "y_mm": 1,
          "y_pixel": 200,
          "year": 2026,
        },
      ]
    `)
  })
})

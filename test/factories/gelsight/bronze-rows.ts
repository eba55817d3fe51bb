import type { Row } from '../../../tables/rows/values.ts'

/** Bronze rows as ingestion leaves them; what a test does not say is plain and harmless. */
export function scanRow(scan: Row & { scan_id: string }): Row {
  return {
    revision: 0,
    content_sha256: `sha-${scan.scan_id}-${String(scan['revision'] ?? 0)}`,
    source_path: 'inbox/drop.zip',
    bronze_path: `bronze/scans/${scan.scan_id}`,
    routine_folder: 'HoleDiameter',
    format_version: 3,
    created_at: '2026-02-10T10:00:00Z',
    mm_per_pixel: 0.005,
    scan_width: 2472,
    scan_height: 2064,
    sdk_version: '3.1',
    app_name: 'Mobile',
    app_version: '4.5',
    operator_name: 'ada',
    gel_id: 'G-1',
    gel_use_count: 12,
    gel_use_by: '2026-12-31T00:00:00Z',
    device_id: '00020015',
    device_model: 'Series 2',
    device_firmware: '1.2',
    calibration_id: 'Calib-A',
    is_aligned: true,
    image_count: 6,
    alignment_image_count: 0,
    ingested_at: '2026-02-11T00:00:00Z',
    ...scan,
  }
}

export function calibrationRow(calibration: Row & { content_sha256: string }): Row {
  return {
    calibration_id: 'Calib-A',
    source_path: 'inbox/drop.zip',
    bronze_path: `bronze/calibrations/${calibration.content_sha256}`,
    file_name: 'Calib-A.yaml',
    created_at: calibration['effective_at'] ?? '2026-01-01T00:00:00Z',
    effective_at: '2026-01-01T00:00:00Z',
    mm_per_pixel: 0.005,
    device_id: '00020015',
    device_model: 'Series 2',
    device_firmware: '1.2',
    is_verified: true,
    ingested_at: '2026-02-11T00:00:00Z',
    ...calibration,
  }
}

export function shapeRow(shape: Row & { scan_id: string }): Row {
  return { revision: 0, shape_id: '7', shape_type: 'circle', x: 100, y: 200, radius: 10, ...shape }
}

/** A scalar of the routine HoleByEdge with id 1, on shape 7. */
export function resultRow(result: Row & { scan_id: string }): Row {
  return {
    revision: 0,
    routine_instance_id: '1',
    routine_type: 'HoleByEdge',
    routine_name: 'Hole Diameter',
    result_name: 'diameter',
    result_kind: 'scalar',
    value_text: '1.1 mm',
    value: 1.1,
    unit_text: 'mm',
    value_unit: 'mm',
    primary_shape_id: '7',
    passed_analysis: true,
    is_debug: false,
    ordinal: 0,
    ...result,
  }
}

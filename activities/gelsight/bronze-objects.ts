import { z } from 'zod'

/** JSON objects of a committed scan, as they lie in bronze. Names are those of the bronze tables' columns. */

const text = z.string().nullable()
const number = z.number().nullable()
const flag = z.boolean().nullable()

const imageFacts = z.strictObject({
  width: number,
  height: number,
  bit_depth: number,
  /** Whether the file ends as a PNG does; null for other formats. */
  is_complete: flag,
  problem: text,
})

const tmdFacts = z.strictObject({
  columns: number,
  rows: number,
  length_x_mm: number,
  length_y_mm: number,
  is_complete: z.boolean(),
  min_mm: number,
  max_mm: number,
  mean_mm: number,
  sa_mm: number,
  sq_mm: number,
  nodata_share: number,
  problem: text,
})

const finding = z.strictObject({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  place: z.string(),
  message: z.string(),
})

const bronzeFile = z.strictObject({
  /** Inside the scan's folder of the drop. */
  path: z.string(),
  /** Below the folder of the revision. */
  bronze_path: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  image_kind: text,
  image: imageFacts.nullable(),
  tmd: tmdFacts.nullable(),
})

/** A calibration file that lay in the scan's folder. */
const besideCalibration = z.strictObject({
  path: z.string(),
  sha256: z.string(),
  calibration_id: z.string(),
  modified: z.string(),
})

/** `content.json`: which content a folder holds, or will hold when it is finished. Whoever writes it first decides. */
export const contentClaim = z.strictObject({ content_sha256: z.string() })

/** `metadata/scan_metadata.json` */
export const scanMetadata = z.strictObject({
  scan_id: z.string(),
  revision: z.number(),
  content_sha256: z.string(),
  format_version: z.number(),
  /** Zone that timestamps without one were read in. */
  scan_time_zone: z.string(),
  created_at: text,
  created_on_text: text,
  mm_per_pixel: number,
  scan_width: number,
  scan_height: number,
  crop_x: number,
  crop_y: number,
  crop_width: number,
  crop_height: number,
  sdk_version: text,
  app_name: text,
  app_version: text,
  operator_name: text,
  gel_id: text,
  gel_product: text,
  gel_use_count: number,
  gel_use_by: text,
  device_id: text,
  device_model: text,
  device_firmware: text,
  device_configuration: text,
  device_temperature: number,
  camera_id: text,
  camera_type: text,
  lens_serial: text,
  calib_text: text,
  calibration_id: text,
  is_aligned: flag,
  images: z.array(z.string()),
  alignment_images: z.array(z.string()),
  active_heightmap: text,
  active_normalmap: text,
})

const shape = z.strictObject({
  shape_id: z.string(),
  shape_name: text,
  shape_type: z.string(),
  x: number,
  y: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  width: number,
  height: number,
  radius: number,
  rotation: number,
  grid_x: number,
  grid_y: number,
  snap_margin_mm: number,
  attributes_json: z.string(),
})

const result = z.strictObject({
  result_name: z.string(),
  result_kind: z.enum(['scalar', 'tuple', 'point', 'circle', 'profile', 'text']),
  value_text: text,
  value: number,
  unit_text: text,
  value_unit: text,
  x_pixel: number,
  y_pixel: number,
  ordinal: z.number(),
})

/** `metadata/analysis_results.json` */
export const analysisResults = z.strictObject({
  shapes: z.array(shape),
  routines: z.array(
    z.strictObject({
      routine_instance_id: z.string(),
      routine_type: z.string(),
      routine_name: text,
      primary_shape_id: text,
      annotation_ids: z.array(z.string()),
      passed_analysis: flag,
      is_debug: flag,
      sdk_version: text,
      results: z.array(result),
    }),
  ),
})

/** `processing_log.json`: written last, it is the commit. */
export const processingLog = z.strictObject({
  scan_id: z.string(),
  revision: z.number(),
  content_sha256: z.string(),
  bronze_path: z.string(),
  /** Batch and place in the drop that committed it. */
  batch: z.string(),
  source_path: z.string(),
  routine_folder: text,
  processed_at: z.string(),
  status: z.enum(['SUCCESS', 'PARTIAL']),
  files: z.array(bronzeFile),
  calibrations: z.array(besideCalibration),
  findings: z.array(finding),
})

/** `rows.json`: the batch and chunk that bring the scan's rows to the tables; nobody else does. */
export const rowsClaim = z.strictObject({ batch: z.string(), part: z.string() })

export type ImageFacts = z.output<typeof imageFacts>
export type TmdFacts = z.output<typeof tmdFacts>
export type BronzeFile = z.output<typeof bronzeFile>
export type BesideCalibration = z.output<typeof besideCalibration>
export type ScanMetadata = z.output<typeof scanMetadata>
export type AnalysisResults = z.output<typeof analysisResults>
export type ProcessingLog = z.output<typeof processingLog>

import { z } from 'zod'
import { readCalibration } from '../../formats/gelsight/calibration.ts'
import { safeSegment } from '../../formats/gelsight/file-name.ts'
import { Findings } from '../../formats/gelsight/finding.ts'
import { readYaml } from '../../formats/yaml/read-yaml.ts'
import type { Lake } from '../../lake/lake.ts'
import { readObject } from './batch-files.ts'
import { claimContent } from './claim-content.ts'

/** A calibration file as a drop brought it. */
export interface CalibrationFile {
  readonly fileName: string
  readonly sha256: string
  /** Time of the file in the drop, ISO 8601. */
  readonly modified: string
  /** Where it lay, for people. */
  readonly sourcePath: string
}

/**
 * `content.json` of a calibration: the same content may come again under another name, from another drop, at another time. The first
 * one decides about all of that.
 */
const calibrationClaim = z.strictObject({
  content_sha256: z.string(),
  file_name: z.string(),
  modified: z.string(),
  source_path: z.string(),
  batch: z.string(),
  processed_at: z.string(),
  scan_time_zone: z.string(),
})

const text = z.string().nullable()
const number = z.number().nullable()

/** `calib_metadata.json`: written last, it is the commit. Named as the columns of bronze.calibrations. */
export const calibrationMetadata = z.strictObject({
  calibration_id: z.string(),
  revision: z.number(),
  content_sha256: z.string(),
  batch_id: z.string(),
  source_path: z.string(),
  bronze_path: z.string(),
  file_name: z.string(),
  format_version: text,
  created_at: text,
  created_on_text: text,
  effective_at: z.string(),
  mm_per_pixel: number,
  magnification: number,
  light_count: number,
  width: number,
  height: number,
  linfit_json: text,
  quadfit_json: text,
  parameters_json: text,
  flatfield_json: text,
  device_id: text,
  device_model: text,
  device_firmware: text,
  device_configuration: text,
  camera_id: text,
  lens_serial: text,
  is_verified: z.boolean().nullable(),
  groove_depth: number,
  groove_width: number,
  nominal_depth: number,
  standard_serial: text,
  verified_by: text,
  verified_at: text,
  ingested_at: z.string(),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      severity: z.enum(['error', 'warning']),
      place: z.string(),
      message: z.string(),
    }),
  ),
})

export type CalibrationMetadata = z.output<typeof calibrationMetadata>

/** Commits one calibration; a content that is there already is left as it is. Throws a DataError where the YAML cannot be read. */
export async function commitCalibration(
  lake: Lake,
  file: CalibrationFile,
  bytes: Buffer,
  origin: { readonly batch: string; readonly processedAt: string; readonly timeZone: string },
): Promise<CalibrationMetadata> {
  const { calibration_id } = parse(bytes, file.fileName, origin.timeZone).record
  const { revision, folder, claim } = await claimContent(
    lake,
    `bronze/calibrations/${safeSegment(calibration_id)}`,
    {
      content_sha256: file.sha256,
      file_name: file.fileName,
      modified: file.modified,
      source_path: file.sourcePath,
      batch: origin.batch,
      processed_at: origin.processedAt,
      scan_time_zone: origin.timeZone,
    },
    file.sha256,
    calibrationClaim,
  )
  await lake.create(`${folder}/raw_yaml/${claim.file_name}`, bytes)
  const { record, findings } = parse(bytes, claim.file_name, claim.scan_time_zone)
  const metadata: CalibrationMetadata = {
    ...record,
    calibration_id,
    revision,
    content_sha256: file.sha256,
    batch_id: claim.batch,
    source_path: claim.source_path,
    bronze_path: folder,
    file_name: claim.file_name,
    effective_at: record.verified_at ?? record.created_at ?? claim.modified,
    ingested_at: claim.processed_at,
    findings,
  }
  const path = `${folder}/calib_metadata.json`
  await lake.create(path, `${JSON.stringify(metadata, null, 2)}\n`)
  return readObject(lake, path, calibrationMetadata)
}

function parse(bytes: Buffer, fileName: string, timeZone: string) {
  const { value, warnings } = readYaml(bytes, fileName)
  const findings = new Findings()
  for (const warning of warnings) findings.warning('yaml.clean', fileName, warning)
  const record = readCalibration(value, fileName, timeZone, findings)
  if (record.linfit_json === null)
    findings.error('calibration.linfit_present', `${fileName}:linfit`, 'the photometric model is missing')
  if (record.mm_per_pixel === null || record.mm_per_pixel <= 0)
    findings.error('calibration.mm_per_pixel_present', `${fileName}:mmperpixel`, 'no scale above zero')
  return { record, findings: findings.list() }
}

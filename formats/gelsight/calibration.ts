import { isMapping, type YamlMapping, type YamlValue } from '../yaml/read-yaml.ts'
import { Fields } from './fields.ts'
import { baseName, calibrationName } from './file-name.ts'
import type { Findings } from './finding.ts'

/** A calibration file, read. Named as the columns of bronze.calibrations; timestamps are ISO 8601 in UTC. */
export interface CalibrationRecord {
  /** device.calibname, else the base name of the file. */
  readonly calibration_id: string
  readonly format_version: string | null
  readonly created_at: string | null
  readonly created_on_text: string | null
  readonly mm_per_pixel: number | null
  readonly magnification: number | null
  readonly light_count: number | null
  readonly width: number | null
  readonly height: number | null
  /** `{rows, cols, values}` */
  readonly linfit_json: string | null
  readonly quadfit_json: string | null
  readonly parameters_json: string | null
  readonly flatfield_json: string | null
  readonly device_id: string | null
  readonly device_model: string | null
  readonly device_firmware: string | null
  readonly device_configuration: string | null
  readonly camera_id: string | null
  readonly lens_serial: string | null
  readonly is_verified: boolean | null
  /** Millimetres, as the next two. */
  readonly groove_depth: number | null
  readonly groove_width: number | null
  readonly nominal_depth: number | null
  readonly standard_serial: string | null
  readonly verified_by: string | null
  readonly verified_at: string | null
}

/** Whether a YAML file is a calibration: by its photometric model, or by its name. */
export function isCalibration(yaml: YamlMapping, file: string): boolean {
  return Object.hasOwn(yaml, 'linfit') || hasCalibrationName(file)
}

export function hasCalibrationName(file: string): boolean {
  return /^calib[-_].*\.ya?ml$/i.test(baseName(file))
}

export function readCalibration(
  yaml: YamlMapping,
  file: string,
  zone: string,
  findings: Findings,
): CalibrationRecord {
  const root = new Fields(yaml, `${file}:`, findings, zone)
  const [device, camera, result, metadata] = [
    root.section('device'),
    root.section('camera'),
    root.section('result'),
    root.section('metadata'),
  ]
  const name = device.text('calibname')
  return {
    calibration_id: name === null ? calibrationName(file) : calibrationName(name),
    format_version: root.text('version'),
    created_at: root.timestamp('createdon'),
    created_on_text: root.text('createdon'),
    mm_per_pixel: root.number('mmperpixel'),
    magnification: root.number('magnification'),
    light_count: root.integer('nL'),
    width: root.integer('width'),
    height: root.integer('height'),
    linfit_json: readFit(root, 'linfit', findings),
    quadfit_json: readFit(root, 'quadfit', findings),
    parameters_json: asJson(root.raw('parameters')),
    flatfield_json: asJson(root.raw('flatfield')),
    device_id: device.text('serialnumber'),
    device_model: device.text('devicemodel') ?? device.text('devicetype'),
    device_firmware: device.text('devicefirmware'),
    device_configuration: device.text('configuration'),
    camera_id: camera.text('cameraid'),
    lens_serial: device.text('lensserial'),
    is_verified: result.boolean('isverified'),
    groove_depth: result.number('groovedepth'),
    groove_width: result.number('groovewidth'),
    nominal_depth: result.number('nominaldepth'),
    standard_serial: result.text('serialnumber'),
    verified_by: metadata.text('username'),
    verified_at: metadata.timestamp('date'),
  }
}

/** A matrix by rows; numbers are kept as numbers, so that readers of the JSON need no second parser. */
function readFit(root: Fields, key: string, findings: Findings): string | null {
  if (!root.has(key)) return null
  const fit = root.section(key)
  const [rows, cols] = [fit.integer('rows'), fit.integer('cols')]
  const values = fit.texts('values').map(Number)
  if (rows === null || cols === null || values.length !== rows * cols || !values.every(Number.isFinite)) {
    findings.error(
      'calibration.fit_complete',
      root.below(key),
      `has ${values.length} values where rows x cols = ${rows ?? '?'} x ${cols ?? '?'} finite numbers belong`,
    )
    return asJson(root.raw(key))
  }
  return JSON.stringify({ rows, cols, values })
}

function asJson(value: YamlValue | undefined): string | null {
  const isEmpty =
    value === undefined || (isMapping(value) ? Object.keys(value).length === 0 : value.length === 0)
  return isEmpty ? null : JSON.stringify(value)
}

import type { YamlMapping } from '../yaml/read-yaml.ts'
import { Fields } from './fields.ts'
import { calibrationName } from './file-name.ts'
import type { Findings } from './finding.ts'

/** scan.yaml, read. Named as the columns of bronze.scans; timestamps are ISO 8601 in UTC; null where the file says nothing. */
export interface ScanRecord {
  /** Lower case; null where it is missing, all zeros or no UUID. */
  readonly guid: string | null
  /** 1 legacy, 3 current. */
  readonly format_version: number
  readonly created_at: string | null
  readonly created_on_text: string | null
  /** Millimetres a pixel, the root's value; null: uncalibrated. */
  readonly mm_per_pixel: number | null
  readonly scan_width: number | null
  readonly scan_height: number | null
  readonly crop_x: number | null
  readonly crop_y: number | null
  readonly crop_width: number | null
  readonly crop_height: number | null
  readonly sdk_version: string | null
  readonly app_name: string | null
  readonly app_version: string | null
  readonly operator_name: string | null
  readonly gel_id: string | null
  readonly gel_product: string | null
  readonly gel_use_count: number | null
  readonly gel_use_by: string | null
  readonly device_id: string | null
  readonly device_model: string | null
  readonly device_firmware: string | null
  readonly device_configuration: string | null
  readonly device_temperature: number | null
  readonly camera_id: string | null
  readonly camera_type: string | null
  readonly lens_serial: string | null
  readonly calib_text: string | null
  /** Base name of calib without .yaml. */
  readonly calibration_id: string | null
  readonly is_aligned: boolean | null
  readonly images: readonly string[]
  readonly alignment_images: readonly string[]
  readonly active_heightmap: string | null
  readonly active_normalmap: string | null
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** No sensor has more pixels on a side; a larger crop is none. */
const largestPixel = 1e6
const zeros = '00000000-0000-0000-0000-000000000000'

/** Reads scan.yaml of either version. `zone`: IANA zone of the scanning PC. What does not fit goes to `findings`. */
export function readScan(yaml: YamlMapping, file: string, zone: string, findings: Findings): ScanRecord {
  const root = new Fields(yaml, `${file}:`, findings, zone)
  const [metadata, camera, device] = [
    root.section('metadata'),
    root.section('camera'),
    root.section('device'),
  ]
  const version = root.number('version')
  const crop = readCrop(root, findings)
  const calib = root.text('calib')
  const mmPerPixel = root.number('mmperpixel')
  return {
    guid: readGuid(root, findings),
    format_version: readVersion(version, root, findings),
    created_at: root.timestamp('createdon'),
    created_on_text: root.text('createdon'),
    mm_per_pixel: mmPerPixel !== null && mmPerPixel > 0 ? mmPerPixel : null,
    scan_width: root.integer('scanwidth'),
    scan_height: root.integer('scanheight'),
    crop_x: crop?.[0] ?? null,
    crop_y: crop?.[1] ?? null,
    crop_width: crop?.[2] ?? null,
    crop_height: crop?.[3] ?? null,
    sdk_version: root.text('sdkversion') ?? metadata.text('sdkversion'),
    app_name: metadata.text('appname'),
    app_version: metadata.text('appversion'),
    operator_name: metadata.text('username'),
    gel_id: metadata.text('gelid') ?? camera.text('gelid'),
    gel_product: metadata.text('gelproduct'),
    gel_use_count: metadata.integer('gelusecount'),
    gel_use_by: metadata.timestamp('geluseby'),
    device_id: device.text('serialnumber') ?? camera.text('cameraid'),
    device_model: device.text('devicemodel') ?? device.text('devicetype'),
    device_firmware: device.text('devicefirmware'),
    device_configuration: device.text('configuration'),
    device_temperature: device.number('devicetemp'),
    camera_id: camera.text('cameraid'),
    camera_type: camera.text('cameratype'),
    lens_serial: device.text('lensserial'),
    calib_text: calib,
    calibration_id: calib === null || calibrationName(calib) === '' ? null : calibrationName(calib),
    is_aligned: root.boolean('aligned'),
    images: root.texts('images'),
    alignment_images: root.texts('alignmentimages'),
    active_heightmap: root.text('activeheightmap'),
    active_normalmap: root.text('activenormalmap'),
  }
}

/** 3.0 and 3 are the same; a scan without a version is a legacy one. */
function readVersion(version: number | null, root: Fields, findings: Findings): number {
  if (version === null) return 1
  if (version >= 1 && version < 1000) return Math.trunc(version)
  findings.error('scan.version_known', root.below('version'), `${version} is no version; 1 and 3 are known`)
  return 1
}

function readGuid(root: Fields, findings: Findings): string | null {
  const text = root.text('guid')
  if (text === null) return null
  const guid = text.replace(/^\{(.*)\}$/, '$1').toLowerCase()
  if (guid === zeros) return null
  if (uuid.test(guid)) return guid
  findings.error('scan.guid_is_uuid', root.below('guid'), `${JSON.stringify(text)} is no UUID`)
  return null
}

/** x, y, width, height in pixels; all zero means no crop. */
function readCrop(root: Fields, findings: Findings): number[] | null {
  const crop = root.tuple('crop', 4)
  if (crop === null || crop.every((part) => part === 0)) return null
  if (crop.some((part) => Math.abs(part) > largestPixel)) {
    findings.error('field.type', root.below('crop'), `${crop.join(', ')} is beyond any sensor`)
    return null
  }
  return crop.map(Math.round)
}

import type { Calibration } from './fleet.ts'
import { round } from './fleet.ts'
import type { Report, Routine } from './routines.ts'

/** What one sample scan is about; the texts below say it the way GelSight's software writes it. */
export interface ScanFacts {
  readonly guid: string
  readonly createdOn: string
  readonly operator: string
  readonly calibration: Calibration
  readonly gelUseCount: number
  /** Pictures in pixels. */
  readonly width: number
  readonly height: number
  readonly aligned: boolean
  readonly images: readonly string[]
  readonly heightmap: string
  readonly normalmap: string
  readonly passed: boolean
  readonly debug: boolean
  readonly shapeId: number
  readonly routineId: number
}

type Fields = readonly (readonly [string, string | number | boolean])[]

const appVersion = '4.2.240.0'

export function scanYaml(facts: ScanFacts): string {
  const { calibration } = facts
  const { device } = calibration
  return [
    ...lines(0, [
      ['version', '3.0'],
      ['guid', facts.guid],
      ['createdon', facts.createdOn],
      ['mmperpixel', calibration.mmPerPixel],
      ['sdkversion', appVersion],
      ['crop', '[0, 0, 0, 0]'],
      ['scanwidth', facts.width],
      ['scanheight', facts.height],
    ]),
    'images:',
    ...facts.images.map((name) => `  - ${name}`),
    ...lines(0, [
      ['activeheightmap', facts.heightmap],
      ['activenormalmap', facts.normalmap],
      ['calib', `C:\\Users\\Public\\GelSight\\Calibrations\\${calibration.name}.yaml`],
      ['aligned', facts.aligned],
    ]),
    'alignmentimages:',
    ...(facts.aligned ? ['  - image07.png'] : []),
    'metadata:',
    ...lines(4, [
      ['username', facts.operator],
      ['gelid', calibration.gel],
      ['gelusecount', facts.gelUseCount],
      ['geluseby', '2027-06-30 00:00:00'],
      ['gelproduct', 'MB101'],
      ['appname', 'GelSight.Mobile'],
      ['appversion', appVersion],
      ['sdkversion', appVersion],
    ]),
    'camera:',
    ...lines(4, [
      ['cameraid', device.cameraId],
      ['cameratype', 'Ximea'],
      ['shutter', 2.689],
      ['gelid', calibration.gel],
      ['sensor_bit_depth', 8],
      ['mmperpixel', round(calibration.mmPerPixel, 6)],
      ['lensfocuspos', '1735.00'],
    ]),
    'device:',
    ...lines(4, [
      ['configuration', device.configuration],
      ['serialnumber', device.serial],
      ['devicefirmware', device.firmware],
      ['devicemodel', device.model],
      ['devicetemp', 41.5],
      ['lensserial', device.lensSerial],
    ]),
    'calibration:',
    ...lines(4, [
      ['username', 'calibration'],
      ['date', calibration.verifiedOn],
    ]),
    '',
  ].join('\n')
}

export function scanContextYaml(facts: ScanFacts, routine: Routine, report: Report): string {
  return [
    'version: 3.0',
    'shapes:',
    ...item([...Object.entries({ ...report.shape }), ['id', facts.shapeId]]),
    'routines:',
    ...item([
      ['type', routine.type],
      ['id', facts.routineId],
      ['name', routine.name],
      ['primaryshapeid', facts.shapeId],
      ['annotationids', `'[${facts.shapeId}]'`],
      ['debug', facts.debug],
      ...Object.entries(report.results),
      ['meta_PassedAnalysis', facts.passed ? 'True' : 'False'],
      ['meta_sdkversion', appVersion],
    ]),
    '',
  ].join('\n')
}

export function calibrationYaml(calibration: Calibration, width: number, height: number): string {
  const { device } = calibration
  return [
    ...lines(0, [
      ['version', '3.0'],
      ['createdon', calibration.createdOn],
      ['nL', 6],
      ['width', width],
      ['height', height],
      ['mmperpixel', calibration.mmPerPixel],
      ['magnification', 0.999652708804],
      ['darkthresh', 0],
      ['lightthresh', 1],
    ]),
    'parameters:',
    ...lines(4, [
      ['datafactor', 5000],
      ['modelsize', 2],
      ['version', 2014],
    ]),
    ...fit('linfit', 18, calibration.linfit),
    ...fit('quadfit', 60, calibration.quadfit),
    'camera:',
    ...lines(4, [
      ['cameraid', device.cameraId],
      ['cameratype', 'Ximea'],
      ['gelid', calibration.gel],
    ]),
    'device:',
    ...lines(4, [
      ['calibname', calibration.name],
      ['configuration', device.configuration],
      ['devicefirmware', device.firmware],
      ['devicemodel', device.model],
      ['lensserial', device.lensSerial],
      ['serialnumber', device.serial],
    ]),
    'flatfield:',
    ...lines(4, [
      ['modelfile', `${calibration.name}.png`],
      ['modelsize', '(618, 516)'],
    ]),
    'metadata:',
    ...lines(4, [
      ['appname', 'GelSight.Mobile'],
      ['appversion', appVersion],
      ['date', calibration.verifiedOn],
      ['sdkversion', appVersion],
      ['username', 'calibration'],
    ]),
    'result:',
    ...lines(4, [
      ['name', 'GelSight CAL-FBG-250'],
      ['calibrationset', `Calib_${calibration.name}_V${calibration.version}`],
      ['groovedepth', calibration.grooveDepth],
      ['groovewidth', 1.46407],
      ['isverified', calibration.isVerified ? 'True' : 'False'],
      ['nominaldepth', 0.246],
      ['serialnumber', 'C1-001'],
    ]),
    '',
  ].join('\n')
}

function lines(indent: number, fields: Fields): string[] {
  return fields.map(([key, value]) => `${' '.repeat(indent)}${key}: ${value}`)
}

function item(fields: Fields): string[] {
  return lines(4, fields).map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line))
}

function fit(name: string, columns: number, values: readonly number[]): string[] {
  return [`${name}:`, '    rows: 6', `    cols: ${columns}`, `    values: [${values.join(', ')}]`]
}

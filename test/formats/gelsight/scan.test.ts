import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkReferences, readAnalysis, type Analysis } from '../../../formats/gelsight/analysis.ts'
import { Findings } from '../../../formats/gelsight/finding.ts'
import { readScan, type ScanRecord } from '../../../formats/gelsight/scan-record.ts'
import { readYaml } from '../../../formats/yaml/read-yaml.ts'
import { haveSamples, samples, whyNot } from './samples.ts'

interface Read<T> {
  readonly record: T
  readonly findings: string[]
}

function scan(text: string | Buffer, zone = 'UTC'): Read<ScanRecord> {
  const findings = new Findings()
  const record = readScan(readYaml(Buffer.from(text), 'scan.yaml').value, 'scan.yaml', zone, findings)
  return {
    record,
    findings: findings.list().map(({ rule, place, message }) => `${rule} ${place} ${message}`),
  }
}

function analysis(text: string | Buffer): Read<Analysis> {
  const findings = new Findings()
  const record = readAnalysis(readYaml(Buffer.from(text), 'c.yaml').value, 'c.yaml', 'UTC', findings)
  checkReferences(record, findings)
  return {
    record,
    findings: findings.list().map(({ rule, place, message }) => `${rule} ${place} ${message}`),
  }
}

const version3 = `version: 3.0
guid: {538DBDB9-EACE-4738-9D0D-1EBE2DB42C2D}
`.replace(/[{}]/g, '')

describe('scan.yaml', () => {
  it('of version 3 is read with its identifiers as text', () => {
    const { record, findings } = scan(
      `${version3}createdon: 2025-09-17 12:58:41
mmperpixel: 0.00274095190847
crop: (103, 103, 2266, 1858)
scanwidth: 2472
scanheight: 2064
images: [aligned01.png, aligned02.png]
calib: C:\\Users\\Public\\Calib-4E07-XNJU_20250917_1255.yaml
aligned: True
metadata: { username: jo, gelid: 12E5, gelusecount: 17, appname: GelSight.Mobile }
camera: { cameraid: UCGAC2413002, mmperpixel: 0.0027 }
device: { serialnumber: 00020015, devicetemp: 49.125, devicefirmware: 170 }
`,
      'Europe/Berlin',
    )
    expect(findings).toEqual([])
    expect(record).toMatchObject({
      guid: '538dbdb9-eace-4738-9d0d-1ebe2db42c2d',
      format_version: 3,
      created_at: '2025-09-17T10:58:41.000Z',
      created_on_text: '2025-09-17 12:58:41',
      mm_per_pixel: 0.00274095190847,
      crop_x: 103,
      crop_height: 1858,
      gel_id: '12E5',
      device_id: '00020015',
      device_firmware: '170',
      device_temperature: 49.125,
      calibration_id: 'Calib-4E07-XNJU_20250917_1255',
      is_aligned: true,
      images: ['aligned01.png', 'aligned02.png'],
    })
  })

  it.each([
    ['an all-zero guid', 'guid: 00000000-0000-0000-0000-000000000000', { guid: null }],
    ['metadata: []', 'metadata: []', { operator_name: null }],
    ['no crop', 'crop: [0, 0, 0, 0]', { crop_x: null, crop_width: null }],
    ['an uncalibrated scan', 'mmperpixel: 0', { mm_per_pixel: null }],
    ['an empty calib', 'calib: ""', { calib_text: null, calibration_id: null }],
    ['a relative calib', 'calib: ..\\model.yaml', { calibration_id: 'model' }],
    ['a calib with slashes', 'calib: C:/Users/kimo/model-test1.yaml', { calibration_id: 'model-test1' }],
    ['a bare calib', 'calib: model', { calibration_id: 'model' }],
    ['a camera without a device', 'camera: {cameraid: X1}', { device_id: 'X1', camera_id: 'X1' }],
    [
      'braces around the guid',
      'guid: "{538DBDB9-EACE-4738-9D0D-1EBE2DB42C2D}"',
      { guid: '538dbdb9-eace-4738-9d0d-1ebe2db42c2d' },
    ],
    [
      'a guid in capitals',
      'guid: 538DBDB9-EACE-4738-9D0D-1EBE2DB42C2D',
      { guid: '538dbdb9-eace-4738-9d0d-1ebe2db42c2d' },
    ],
  ])('with %s is read without complaint', (_title, text, expected) => {
    const { record, findings } = scan(text)
    expect(record).toMatchObject({ format_version: 1, ...expected })
    expect(findings).toEqual([])
  })

  it.each([
    ['guid: ../../etc', { guid: null }, 'scan.guid_is_uuid scan.yaml:guid "../../etc" is no UUID'],
    [
      'scanwidth: 24.5',
      { scan_width: null },
      'field.type scan.yaml:scanwidth "24.5" is not a whole number of 32 bits',
    ],
    [
      'scanwidth: 99999999999',
      { scan_width: null },
      'field.type scan.yaml:scanwidth "99999999999" is not a whole number of 32 bits',
    ],
    [
      'mmperpixel: 1e999',
      { mm_per_pixel: null },
      'field.type scan.yaml:mmperpixel "1e999" is not a finite number with a point',
    ],
    [
      'mmperpixel: 0,0027',
      { mm_per_pixel: null },
      'field.type scan.yaml:mmperpixel "0,0027" is not a finite number with a point',
    ],
    [
      'createdon: yesterday',
      { created_at: null, created_on_text: 'yesterday' },
      'field.type scan.yaml:createdon "yesterday" is not a time such as 2025-09-17 12:58:41',
    ],
    ['aligned: perhaps', { is_aligned: null }, 'field.type scan.yaml:aligned "perhaps" is not True or False'],
    [
      'crop: (1, 2, 3)',
      { crop_x: null },
      'field.type scan.yaml:crop "(1, 2, 3)" is not 4 numbers in brackets',
    ],
    [
      'device: {devicetemp: hot}',
      { device_temperature: null },
      'field.type scan.yaml:device.devicetemp "hot" is not a finite number with a point',
    ],
    [
      'device: none of your business',
      { device_id: null },
      'field.type scan.yaml:device "none of your business" is not a mapping',
    ],
    [
      'crop: (0, 0, 1e9, 1)',
      { crop_x: null },
      'field.type scan.yaml:crop 0, 0, 1000000000, 1 is beyond any sensor',
    ],
    [
      'version: 1e300',
      { format_version: 1 },
      'scan.version_known scan.yaml:version 1e+300 is no version; 1 and 3 are known',
    ],
  ])('%j costs that field only', (text, expected, finding) => {
    const { record, findings } = scan(text)
    expect(record).toMatchObject(expected)
    expect(findings).toEqual([finding])
  })
})

describe('scancontext.yaml', () => {
  const context = `shapes:
  - { type: circle, id: 806847983, x: 1327.9, y: 1087.6, r: 200.5, snapmargin: 0.2 }
  - { type: rectangle, id: 2, x: 1, y: 2, w: 3, h: 4, rotation: 12.5 }
routines:
  - type: HoleByEdge
    id: 5
    name: Hole Diameter
    primaryshapeid: 806847983
    annotationids: '[806847983]'
    debug: False
    nominaldiameter: 1.1 mm
    Diameter: 1.10483882013 mm
    area: 0.77854575067 mm²
    offsetregion1: (0, 0.245369880771, Min)
    point: (1327.9153795, 1087.67204659)
    circle: (1327.9, 1087.6, 201.5)
    profile: [(0, 0.00306), (0.0027, 0.00312)]
    levelregions: []
    missing: None
    scratchtype36: 36
    meta_PassedAnalysis: True
    meta_sdkversion: 4.2.240.0
`
  it('gives shapes and every value of a routine', () => {
    const { record, findings } = analysis(context)
    expect(findings).toEqual([])
    expect(record.shapes[0]).toMatchObject({
      shape_id: '806847983',
      shape_type: 'circle',
      radius: 200.5,
      snap_margin_mm: 0.2,
    })
    expect(record.shapes[1]).toMatchObject({ shape_type: 'rectangle', width: 3, height: 4, rotation: 12.5 })
    const [routine] = record.routines
    expect(routine).toMatchObject({
      routine_instance_id: '5',
      routine_type: 'HoleByEdge',
      annotation_ids: ['806847983'],
      passed_analysis: true,
      is_debug: false,
    })
    const results = routine?.results.map((one) => [
      one.result_name,
      one.result_kind,
      one.value,
      one.value_unit,
      one.value_text,
    ])
    expect(results).toEqual([
      ['nominaldiameter', 'scalar', 1.1, 'mm', '1.1 mm'],
      ['diameter', 'scalar', 1.10483882013, 'mm', '1.10483882013 mm'],
      ['area', 'scalar', 0.77854575067, 'mm2', '0.77854575067 mm²'],
      ['offsetregion1[0]', 'tuple', 0, null, '0'],
      ['offsetregion1[1]', 'tuple', 0.245369880771, null, '0.245369880771'],
      ['offsetregion1[2]', 'tuple', null, null, 'Min'],
      ['point', 'point', null, null, '(1327.9153795, 1087.67204659)'],
      ['circle', 'circle', 201.5, null, '(1327.9, 1087.6, 201.5)'],
      ['profile', 'profile', null, null, '[(0, 0.00306), (0.0027, 0.00312)]'],
      ['levelregions', 'text', null, null, '[]'],
      ['missing', 'text', null, null, 'None'],
      ['scratchtype36', 'scalar', 36, null, '36'],
    ])
    expect(routine?.results[6]).toMatchObject({ x_pixel: 1327.9153795, y_pixel: 1087.67204659 })
  })

  it.each([
    [
      'a shape that is missing',
      'routines: [{type: Offset, id: 1, primaryshapeid: 9, annotationids: "[8, 9]"}]',
      [
        'routine.primary_shape_exists routine 1 primary shape 9 is no shape of this scan',
        'routine.annotations_exist routine 1 shapes 8, 9 are not in this scan',
      ],
    ],
    [
      'an id used twice',
      'shapes: [{type: circle, id: 1, x: 1, y: 1, r: 1}, {type: line, id: 1, x1: 1, y1: 1, x2: 1, y2: 1}]',
      ['shape.id_unique c.yaml:shapes[1].id id 1 is used by another shape of this scan'],
    ],
    [
      'a circle without a radius',
      'shapes: [{type: Circle, id: 1, x: 1, y: 1}]',
      ['shape.required_fields c.yaml:shapes[0] a circle needs radius, which is missing'],
    ],
    [
      'a decimal comma',
      'routines: [{type: Offset, id: 1, offset: "1,5 mm"}]',
      [
        'result.readable c.yaml:routines[0].offset "1,5 mm" has a decimal comma; numbers are written with a point',
      ],
    ],
    [
      'an infinite value',
      'routines: [{type: Offset, id: 1, offset: 1e400 mm}]',
      ['result.readable c.yaml:routines[0].offset "1e400 mm" is no finite number'],
    ],
    [
      'an unknown unit',
      'routines: [{type: Offset, id: 1, offset: 3 furlong}]',
      [
        'result.unit_known c.yaml:routines[0].offset unit "furlong" is not known; the value is kept as written',
      ],
    ],
    ['shapes that are none', 'shapes: [7]', ['field.type c.yaml:shapes[0] "7" is no mapping']],
  ])('reports %s', (_title, text, findings) => {
    expect(analysis(text).findings).toEqual(findings)
  })

  it('keeps names of results apart that differ in capitals only', () => {
    const [routine] = analysis('routines: [{type: X, id: 1, Ra: 1 um, ra: 2 um, results: {ra: 3}}]').record
      .routines
    expect(routine?.results.map((result) => result.result_name)).toEqual(['ra', 'ra#1', 'ra#2'])
  })
})

describe.skipIf(!haveSamples)(`real samples${whyNot}`, () => {
  it.each([
    ['groove', 'e7294ecb-bfe5-43ab-9df0-04f43335992c', 1, 0],
    ['legacy-metadata', null, 0, 0],
    ['scans/bga-001', null, 56, 0],
    ['scans/finger-001', 'bd3763f4-7629-4fde-b26c-92d1b30e1172', 23, 0],
    ['scans/japanese-coin-001', null, 1, 1],
  ])('%s has its guid, shapes and routines', (folder, guid, shapes, routines) => {
    const text = readFileSync(join(samples, folder, 'scan.yaml'))
    const { record, findings } = scan(text)
    const found = analysis(text)
    expect(record.guid).toBe(guid)
    expect([...findings, ...found.findings]).toEqual([])
    expect([found.record.shapes.length, found.record.routines.length]).toEqual([shapes, routines])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isCalibration, readCalibration } from '../../../formats/gelsight/calibration.ts'
import { calibrationName, fileKind, safeSegment } from '../../../formats/gelsight/file-name.ts'
import { Findings } from '../../../formats/gelsight/finding.ts'
import { readYaml } from '../../../formats/yaml/read-yaml.ts'
import { haveSamples, samples, whyNot } from './samples.ts'

function calibration(text: string | Buffer, file = 'Calib-1.yaml') {
  const findings = new Findings()
  const record = readCalibration(readYaml(Buffer.from(text), file).value, file, 'UTC', findings)
  return { record, findings: findings.list().map(({ rule, message }) => `${rule} ${message}`) }
}

describe('a calibration', () => {
  it.each([
    ['device: {calibname: Calib-A}', 'x/other.yaml', 'Calib-A'],
    ['device: {calibname: C:\\x\\Calib-A.yaml}', 'x/other.yaml', 'Calib-A'],
    ['nL: 6', 'x/model-test1.yaml', 'model-test1'],
    ['device: {calibname: ""}', 'x/y.yml', 'y'],
  ])('%j in %s is called %s', (text, file, id) => {
    expect(calibration(text, file).record.calibration_id).toBe(id)
  })

  it('with a model that is not complete says so and keeps it', () => {
    const { record, findings } = calibration('linfit: {rows: 2, cols: 2, values: [1, 2, 3]}')
    expect(findings).toEqual([
      'calibration.fit_complete has 3 values where rows x cols = 2 x 2 finite numbers belong',
    ])
    expect(record.linfit_json).toBe('{"rows":"2","cols":"2","values":["1","2","3"]}')
  })

  it.each([
    ['linfit: {}', 'model.yaml', true],
    ['nL: 6', 'Calib-1.yaml', true],
    ['type: bga', 'bgatarget.yaml', false],
  ])('%j in %s is one: %s', (text, file, expected) => {
    expect(isCalibration(readYaml(Buffer.from(text), file).value, file)).toBe(expected)
  })
})

describe.skipIf(!haveSamples)(`real samples${whyNot}`, () => {
  it.each([
    [
      'modulus1690_4E07_XNJU',
      'Calib-4E07-XNJU_20250917_1255',
      '2025-09-17T12:55:50.000Z',
      '00020015',
      true,
      108,
      360,
    ],
    ['series2_2EF6_4JNW', 'Calib-2EF6-4JNW', '2024-01-12T15:55:32.000Z', null, true, 108, 360],
    ['demo-calibration', 'demo-calibration', '2023-07-13T12:36:02.000Z', null, null, 54, 180],
  ])('%s', (name, id, createdAt, deviceId, isVerified, linear, quadratic) => {
    const file = `${name}.yaml`
    const { record, findings } = calibration(readFileSync(join(samples, 'calibrations', file)), file)
    expect(findings).toEqual([])
    expect(record).toMatchObject({
      calibration_id: id,
      created_at: createdAt,
      device_id: deviceId,
      is_verified: isVerified,
      light_count: 6,
    })
    const count = (json: string | null) => JSON.parse(json ?? '{}').values.length
    expect([count(record.linfit_json), count(record.quadfit_json)]).toEqual([linear, quadratic])
  })
})

describe('names', () => {
  it.each([
    ['C:\\Users\\Public\\Calib-1.yaml', 'Calib-1'],
    ['a/b.YML', 'b'],
    ['', ''],
    ['model.v2', 'model.v2'],
  ])('%j names calibration %j', (path, name) => {
    expect(calibrationName(path)).toBe(name)
  })

  it.each([
    ['a/scan.yaml', 'scan'],
    ['a/Scan.YAML', 'scan'],
    ['scan.yaml.bak', 'backup'],
    ['Analysis/scancontext.yaml', 'context'],
    ['Calib-1.yaml', 'yaml'],
    ['images/image01.png', 'image'],
    ['x_nrm.png', 'image'],
    ['a.tmd', 'heightmap'],
    ['a.x3p', 'other'],
  ])('%s is a %s', (path, kind) => {
    expect(fileKind(path)).toBe(kind)
  })

  it.each([
    ['Calib-1', 'Calib-1'],
    ['a:b', /^a_b-[0-9a-f]{8}$/],
    ['..', /^[0-9a-f]{8}$/],
    ['', /^[0-9a-f]{8}$/],
    ['x. ', /^x-[0-9a-f]{8}$/],
  ])('%j is safe as %s', (name, expected) => {
    expect(safeSegment(name)).toMatch(expected)
  })
})

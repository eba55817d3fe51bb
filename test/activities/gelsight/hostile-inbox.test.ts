import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBronze, type Bronze } from './bronze-run.ts'
import { calibration, scanFiles } from './scan-files.ts'

const longName = `${'n'.repeat(251)}.zip`
const large = Buffer.alloc(17 * 2 ** 20, 'key: value\n')

let bronze: Bronze
let log: Record<string, unknown>[]
let calibrations: Record<string, unknown>[]
let findings: Record<string, unknown>[]

beforeAll(async () => {
  bronze = await openBronze()
  await bronze.putZip('good.zip', scanFiles('A'))
  await bronze.putFile(longName, 'x')
  await symlink('/etc', join(bronze.fixture.root, 'inbox/etc'))
  await symlink('..', join(bronze.fixture.root, 'inbox/loop'))
  await symlink('/etc/passwd', join(bronze.fixture.root, 'inbox/linked.zip'))
  const guid = '00000000-0000-4000-8000-000000000001'
  for (const [path, content] of Object.entries(scanFiles('deep', { guid })))
    await bronze.putFile(path, content)
  await bronze.putFile(`deep/${'d/'.repeat(60)}x.txt`, 'x')
  const named = (name: string) => calibration().replace('Calib-1', name)
  await bronze.putFile('Calib-a.yaml', named('../../../..'))
  await bronze.putFile('Calib-b.yaml', named('x'.repeat(5000)))
  await bronze.putFile('Calib-c.yaml', named('"\\0\\n"'))
  await bronze.putFile('Calib-d.yaml', named('CON'))
  await bronze.putFile('Calib-e.yaml', calibration().replace('rows: 1', 'rows: 2147483647'))
  await bronze.putFile('Calib-f.yaml', '')
  await bronze.putFile('Calib-g.yaml', large)
  await bronze.putFile('other.yaml', large)
  const notes = Array.from({ length: 10_001 }, (_, i) => [`notes/${i}.yaml`, ''])
  await bronze.putZip('notes.zip', Object.fromEntries(notes))
  await bronze.ingest('b1')
  log = await bronze.rows('ingestion_log')
  calibrations = await bronze.rows('calibrations')
  findings = await bronze.rows('validation_findings')
})
afterAll(() => bronze[Symbol.asyncDispose]())

describe('an inbox of hostile files', () => {
  it('still gives its good scan', () => {
    expect(log.find((row) => row['source_path'] === 'inbox/good.zip/A')).toMatchObject({
      parse_status: 'SUCCESS',
    })
  })

  it.each([
    [`inbox/${longName}`, / is no readable ZIP: /],
    ['inbox/deep', /x\.txt lies 60 folders deep; 31 are allowed$/],
    [
      'inbox/notes.zip',
      /^inbox\/notes\.zip holds 10001 YAML files outside of scans; at most 10000 are read$/,
    ],
    ['inbox/other.yaml', /^inbox\/other\.yaml holds no scan\.yaml and no calibration$/],
  ])('%.40s is refused with its reason', (path, reason) => {
    expect(log.find((row) => row['source_path'] === path)).toMatchObject({
      parse_status: 'FAILED',
      error_message: expect.stringMatching(reason),
    })
  })

  it('is never left through a symbolic link', async () => {
    const paths: string[] = []
    for await (const { path } of bronze.fixture.lake.list('')) paths.push(path)
    expect(
      paths.filter((path) => /passwd|\/etc\/|loop\/./.test(path) && !path.endsWith('/reason.json')),
    ).toEqual([])
  })

  it.each([
    [/Calib-f\.yaml/, /is not readable YAML: expected a document, but the input is empty/],
    [/Calib-g\.yaml/, /17825792 bytes/],
  ])('a calibration that cannot be read is a finding: %s', (place, message) => {
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'calibration.readable',
        place: expect.stringMatching(place),
        message: expect.stringMatching(message),
      }),
    )
  })

  it('keeps a calibration that is too large to be read, byte for byte', async () => {
    const folder = String(findings.find((row) => String(row['place']).includes('Calib-g.yaml'))?.['place'])
    expect((await bronze.fixture.lake.readBytes(`${folder}/bytes/Calib-g.yaml`)).equals(large)).toBe(true)
    const reason: unknown = JSON.parse(await bronze.fixture.lake.readText(`${folder}/reason.json`))
    expect(reason).toEqual({
      source: 'inbox/Calib-g.yaml',
      reason: 'inbox/Calib-g.yaml has 17825792 bytes; at most 16777216 are read',
      lost: [],
    })
  })

  it('keeps calibrations apart whatever they are called, in folders of their own', async () => {
    const ids = calibrations.map((row) => String(row['calibration_id']))
    expect(new Set(ids)).toContain('x'.repeat(5000))
    for await (const { path } of bronze.fixture.lake.list('bronze/calibrations'))
      expect(path).toMatch(/^bronze\/calibrations\/[^/]{1,140}\/./)
  })

  it('finds a matrix that claims more than it has', () => {
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'calibration.fit_complete',
        message: 'has 2 values where rows x cols = 2147483647 x 2 finite numbers belong',
      }),
    )
  })
})

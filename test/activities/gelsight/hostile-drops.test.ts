import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../adf/json.ts'
import { rawEntries, rawZip, type RawEntry } from '../../support/raw-zip.ts'
import { openBronze, type Bronze } from './bronze-run.ts'
import { guidA, png, scanFiles, tmd } from './scan-files.ts'

type Files = Record<string, string | Buffer>

/** Scans have guids by the number of their drop. */
function guidOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

let drops = 0
const inbox: Record<string, Buffer> = {}

/** Puts a drop of one scan in folder S into the common inbox; `change` makes it hostile. */
function drop(change: (files: Files, guid: string) => RawEntry[] | Files | Buffer): {
  path: string
  guid: string
} {
  const guid = guidOf(++drops)
  const changed = change(scanFiles('S', { guid }), guid)
  const name = `drop-${String(drops).padStart(3, '0')}.zip`
  inbox[name] = Buffer.isBuffer(changed)
    ? changed
    : rawZip(Array.isArray(changed) ? changed : rawEntries(changed))
  return { path: `inbox/${name}`, guid }
}

/** scan.yaml with one line in place of the one that begins with its key. */
function scanLine(files: Files, line: string | Buffer): Files {
  const key = `${line.toString('latin1').split(':')[0]}:`
  const lines = String(files['S/scan.yaml']).split('\n')
  const at = lines.findIndex((one) => one.startsWith(key))
  if (at < 0) throw new Error(`scan.yaml has no ${key}`)
  const parts = [`${lines.slice(0, at).join('\n')}\n`, line, `\n${lines.slice(at + 1).join('\n')}`]
  return { ...files, 'S/scan.yaml': Buffer.concat(parts.map((part) => Buffer.from(part as string))) }
}

function result(files: Files, value: string): Files {
  const context = String(files['S/analysis/scancontext.yaml']).replace(
    `diameter: '1.1 mm'`,
    `diameter: ${value}`,
  )
  return { ...files, 'S/analysis/scancontext.yaml': context }
}

function without(files: Files, ...names: string[]): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !names.includes(path)))
}

function patched(bytes: Buffer, offset: number, change: (at: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  change(copy.subarray(offset))
  return copy
}

const plus = (files: Files, ...entries: RawEntry[]) => [...rawEntries(files), ...entries]
const [good, last] = [drop((files) => files), drop((files) => files)]
const numbers = 'Binary TrueMap Data File v2.0\r\n\0\0'.length

const aliasBomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...'bcdefgh'.split('').map((key, i) => {
    const aliases = Array.from({ length: 9 }, () => `*${'abcdefgh'[i]}`)
    return `${key}: &${key} [${aliases.join(',')}]`
  }),
].join('\n')

const refusedDrops = [
  ['a ZIP that is cut', drop((files) => rawZip(rawEntries(files)).subarray(0, 900)), /is no readable ZIP: /],
  ['an empty file', drop(() => Buffer.alloc(0)), /is no readable ZIP: /],
  ['a ZIP without entries', drop(() => []), /holds no scan\.yaml and no calibration$/],
  [
    'a ZIP in a ZIP',
    drop((files) => ({ 'inner.zip': rawZip(rawEntries(files)) })),
    /holds no scan\.yaml and no calibration$/,
  ],
  [
    'a name that leads out',
    drop((files) => plus(files, { name: 'S/../../../evil' })),
    /is hostile: "S\/\.\.\/\.\.\/\.\.\/evil" leads out of the archive by "\.\."$/,
  ],
  ['an absolute name', drop((files) => plus(files, { name: '/etc/cron.d/x' })), /has an absolute name$/],
  ['a share of Windows', drop((files) => plus(files, { name: '\\\\server\\x' })), /has an absolute name$/],
  [
    'a name with backslashes',
    drop((files) => plus(files, { name: '..\\..\\x' })),
    /leads out of the archive/,
  ],
  ['a drive', drop((files) => plus(files, { name: 'C:\\Windows\\x' })), /names a drive$/],
  [
    'a bomb by its ratio',
    drop((files) => plus(files, { name: 'S/bomb', content: 'x', size: 0xfffffff0 })),
    /unpacks to more than \d+ bytes, 250 times its size and 1 GiB: a ZIP bomb$/,
  ],
  [
    'a bomb of entries that overlap',
    drop((files) =>
      plus(
        files,
        { name: 'S/kernel', content: Buffer.alloc(50_000, 'ab'), method: 0 },
        ...Array.from({ length: 50 }, (_, i) => ({
          name: `S/copy${i}`,
          content: Buffer.alloc(50_000, 'ab'),
          method: 0,
          sharesWith: 7,
        })),
      ),
    ),
    /its entries claim more: they overlap, as in a ZIP bomb$/,
  ],
] as const

const refusedScans = [
  ['an encrypted file', drop((files) => plus(files, { name: 'S/x', flags: 0x801 })), /^x is encrypted$/],
  [
    'a symbolic link',
    drop((files) => plus(files, { name: 'S/x', content: '/etc/passwd', mode: 0o120777 })),
    /^x is a symbolic link$/,
  ],
  ['a device', drop((files) => plus(files, { name: 'S/x', mode: 0o20666 })), /^x is a device or a pipe$/],
  [
    'a device of Windows',
    drop((files) => plus(files, { name: 'S/images/NUL.png' })),
    /is named after a device of Windows \(NUL\.png\), where no file can be$/,
  ],
  [
    'a name twice',
    drop((files) => plus(files, { name: 'S/part.tmd', content: 'x' })),
    /^part\.tmd is there twice$/,
  ],
  [
    'a name of 4 KB',
    drop((files) => plus(files, { name: `S/${'n'.repeat(4096)}` })),
    /^n{298}… has a name of 4098 characters; 1000 are allowed$/,
  ],
  [
    'a name of 4 KB in 2,000 folders',
    drop((files) => plus(files, { name: `S/${'d/'.repeat(2000)}x` })),
    /… has a name of 4003 characters; 1000 are allowed$/,
  ],
  [
    'a name in 40 folders',
    drop((files) => plus(files, { name: `S/${'d/'.repeat(40)}x` })),
    /lies 41 folders deep; 31 are allowed$/,
  ],
  [
    'a control character in a name',
    drop((files) => plus(files, { name: 'S/a\u001b[31m' })),
    /has a control character/,
  ],
  [
    'an unknown packing',
    drop((files) => plus(files, { name: 'S/x', method: 93 })),
    /^x is packed with method 93/,
  ],
  [
    'an entry that grows beyond its size',
    drop((files) => plus(files, { name: 'S/x', content: Buffer.alloc(100_000), size: 10 })),
    /x is damaged: it unpacks to more than the 10 bytes of the directory$/,
  ],
  [
    'broken YAML',
    drop((files) => scanLine(files, 'images: [a, b')),
    /^scan\.yaml:\d+ is not readable YAML: /,
  ],
  [
    'NUL bytes',
    drop((files) => scanLine(files, 'calib: \0\0')),
    /^scan\.yaml:\d+ is not readable YAML: null byte/,
  ],
  [
    'aliases that explode',
    drop((files) => ({ ...files, 'S/scan.yaml': aliasBomb })),
    /^scan\.yaml has more than 2000000 values once its aliases are expanded$/,
  ],
  [
    'YAML of 100 MB',
    drop((files) => ({ ...files, 'S/scan.yaml': Buffer.alloc(100 * 2 ** 20, 'key: value\n') })),
    /^scan\.yaml has 104857600 bytes; at most 16777216 are read$/,
  ],
  [
    'nothing but bytes',
    drop((files) => ({ ...files, 'S/scan.yaml': png(8, 6) })),
    /^scan\.yaml.* is not readable YAML: /,
  ],
] as const

const tall = scanFiles('S')['S/part.tmd'] as Buffer

/** [title, drop, rule, place, message] */
const partial = [
  [
    'no guid',
    drop((files) => scanLine(files, 'guid: ')),
    'scan.guid_present',
    'scan.yaml:guid',
    /identified by its content/,
  ],
  [
    'a guid that is none',
    drop((files) => scanLine(files, 'guid: ../../x')),
    'scan.guid_is_uuid',
    'scan.yaml:guid',
    /"\.\.\/\.\.\/x" is no UUID/,
  ],
  [
    'a missing image',
    drop((files) => without(files, 'S/image02.png')),
    'image.exists',
    'image02.png',
    /is named in scan\.yaml, but/,
  ],
  [
    'a missing height map',
    drop((files) => without(files, 'S/part.tmd')),
    'heightmap.exists',
    'part.tmd',
    /is named in scan\.yaml, but/,
  ],
  [
    'a missing calibration',
    drop((files) => scanLine(without(files, 'S/Calib-1.yaml'), 'calib: /x/Calib-77.yaml')),
    'calibration.exists',
    'scan.yaml:calib',
    /Calib-77 never arrived/,
  ],
  [
    'a missing context',
    drop((files) => without(files, 'S/analysis/scancontext.yaml')),
    'scan.context_present',
    'analysis/scancontext.yaml',
    /no shapes and results/,
  ],
  [
    'a missing shape',
    drop((_files, guid) => scanFiles('S', { guid, primaryShape: 99 })),
    'routine.primary_shape_exists',
    'routine 7',
    /primary shape 99 is no shape/,
  ],
  [
    'a height map that is cut',
    drop((files) => ({ ...files, 'S/part.tmd': tall.subarray(0, -3) })),
    'heightmap.length_equals_header',
    'part.tmd',
    /has 70 bytes; its header says 2 x 2 heights, which are 73/,
  ],
  [
    'a height map that is too long',
    drop((files) => ({ ...files, 'S/part.tmd': Buffer.concat([tall, Buffer.alloc(9)]) })),
    'heightmap.length_equals_header',
    'part.tmd',
    /has 82 bytes; its header says/,
  ],
  [
    'a height map of 4 billion columns',
    drop((files) => ({
      ...files,
      'S/part.tmd': patched(tall, numbers, (at) => at.writeUInt32LE(0xffffffff)),
    })),
    'heightmap.readable',
    'part.tmd',
    /its header says 4294967295 x 2 heights/,
  ],
  [
    'a height map of infinite length',
    drop((files) => ({
      ...files,
      'S/part.tmd': patched(tall, numbers + 8, (at) => at.writeFloatLE(Infinity)),
    })),
    'heightmap.readable',
    'part.tmd',
    /claims lengths and offsets Infinity/,
  ],
  [
    'an image of another size',
    drop((files) => ({ ...files, 'S/image01.png': png(9, 6) })),
    'image.size_equals_scan',
    'image01.png',
    /has 9 x 6 pixels; scanwidth x scanheight is 8 x 6/,
  ],
  [
    'an image with a bad checksum',
    drop((files) => ({
      ...files,
      'S/image01.png': patched(png(8, 6), 30, (at) => at.writeUInt8(at.readUInt8(0) ^ 1)),
    })),
    'image.readable',
    'image01.png',
    /header is damaged: its checksum does not fit/,
  ],
  [
    'an image that is cut',
    drop((files) => ({ ...files, 'S/image01.png': png(8, 6).subarray(0, -5) })),
    'image.complete',
    'image01.png',
    /does not end as a PNG does/,
  ],
  [
    'a decimal comma',
    drop((files) => result(files, "'1,5 mm'")),
    'result.readable',
    'analysis/scancontext.yaml:routines[0].diameter',
    /"1,5 mm" has a decimal comma/,
  ],
  [
    'an infinite number',
    drop((files) => result(files, "'inf mm'")),
    'result.readable',
    'analysis/scancontext.yaml:routines[0].diameter',
    /"inf mm" is no finite number/,
  ],
  [
    'a number beyond all bounds',
    drop((files) => result(files, "'1e400 mm'")),
    'result.readable',
    'analysis/scancontext.yaml:routines[0].diameter',
    /"1e400 mm" is no finite number/,
  ],
  [
    'a date that does not exist',
    drop((files) => scanLine(files, 'createdon: 2025-02-30 12:00:00')),
    'field.type',
    'scan.yaml:createdon',
    /"2025-02-30 12:00:00" is not a time/,
  ],
  [
    'a date after all tables',
    drop((files) => scanLine(files, 'createdon: 9999-12-31 23:59:59-12:00')),
    'field.type',
    'scan.yaml:createdon',
    /is not a time/,
  ],
  [
    'a broken context',
    drop((files) => ({ ...files, 'S/analysis/scancontext.yaml': 'shapes: [' })),
    'context.readable',
    'analysis/scancontext.yaml',
    /analysis\/scancontext\.yaml:\d is not readable YAML/,
  ],
  [
    'Windows-1252',
    drop((files) => scanLine(files, Buffer.from('metadata: {username: M\xfcller}', 'latin1'))),
    'yaml.clean',
    'scan.yaml',
    /is not UTF-8; read as Windows-1252/,
  ],
] as const

const long = 'x'.repeat(10_000)
const operators = [
  ["Robert'); DROP TABLE scans;--", `{username: "Robert'); DROP TABLE scans;--"}`],
  ['<script>alert(1)</script>', "{username: '<script>alert(1)</script>'}"],
  ['\u0007\u001b[31mred\u0000', '{username: "\\a\\e[31mred\\0"}'],
  [long, `{username: ${long}}`],
  ['$batch ? {{x}} %s', "{username: '$batch ? {{x}} %s'}"],
  // Half of a pair of UTF-16: no encoding has it, so it becomes the mark for what cannot be shown.
  ['a\ufffdb', '{username: "a\\ud800b"}'],
].map(([name = '', yaml]) => ({ name, ...drop((files) => scanLine(files, `metadata: ${yaml}`)) }))

const utf16 = drop((files) => ({
  ...files,
  'S/scan.yaml': Buffer.from(`\ufeff${String(files['S/scan.yaml'])}`, 'utf16le'),
}))
const noise = drop((files) => ({ ...files, 'S/part.tmd': tmd([NaN, NaN, NaN, NaN]) }))
const inner = drop((files) => ({ ...files, 'S/other.zip': rawZip(rawEntries(scanFiles('T'))) }))
const twins = [
  drop(() => rawZip(rawEntries(scanFiles('S')))),
  drop(() => rawZip(rawEntries(scanFiles('S', { diameter: '9 mm' })))),
]

let bronze: Bronze
let outputs: Record<string, JsonObject>
let log: Record<string, unknown>[]
let scans: Record<string, unknown>[]
let findings: Record<string, unknown>[]

beforeAll(async () => {
  bronze = await openBronze()
  for (const [name, bytes] of Object.entries(inbox)) await bronze.putFile(name, bytes)
  outputs = await bronze.ingest('b1')
  log = await bronze.rows('ingestion_log')
  scans = await bronze.rows('scans')
  findings = await bronze.rows('validation_findings')
})
afterAll(() => bronze[Symbol.asyncDispose]())

function logOf(path: string): Record<string, unknown> | undefined {
  return log.find((row) => row['source_path'] === path)
}

async function pathsBelow(folder: string): Promise<string[]> {
  const paths: string[] = []
  for await (const { path } of bronze.fixture.lake.list(folder)) paths.push(path)
  return paths
}

describe('one batch of hostile drops', () => {
  it('ends, with a row in the log for each and the good ones committed', () => {
    expect(outputs).toMatchObject({
      FindScans: { quarantined: refusedDrops.length },
      ArchiveInbox: { kept: 0 },
    })
    expect(log).toHaveLength(drops)
    for (const { path } of [good, last])
      expect(logOf(`${path}/S`)).toMatchObject({
        parse_status: 'SUCCESS',
        outcome: 'committed',
        error_message: null,
      })
  })

  it.each(refusedDrops)(
    '%s: the drop goes to quarantine, byte for byte',
    async (_title, { path }, reason) => {
      const name = path.slice('inbox/'.length)
      expect(logOf(path)).toMatchObject({
        parse_status: 'FAILED',
        error_message: expect.stringMatching(reason),
      })
      const kept = await bronze.fixture.lake.readBytes(`bronze/quarantine/b1/${name}/bytes/${name}`)
      expect(kept.equals(inbox[name] ?? Buffer.alloc(0))).toBe(true)
    },
  )

  it.each(refusedScans)(
    '%s: the scan goes to quarantine, its drop to the archive',
    async (_title, { path }, reason) => {
      const name = path.slice('inbox/'.length)
      const row = logOf(`${path}/S`)
      expect(row).toMatchObject({ parse_status: 'FAILED', outcome: 'quarantined' })
      expect(String(row?.['error_message']).replace(`${path}: `, '')).toMatch(reason)
      const kept = await bronze.fixture.lake.readBytes(`archive/b1/${name}`)
      expect(kept.equals(inbox[name] ?? Buffer.alloc(0))).toBe(true)
      expect(await pathsBelow(`bronze/quarantine/b1/${name}/S/bytes`)).toContain(
        `bronze/quarantine/b1/${name}/S/bytes/scan.yaml`,
      )
    },
  )

  it.each(partial)('%s: the scan is committed with a finding', (_title, { path }, rule, place, message) => {
    const row = logOf(`${path}/S`)
    expect(row).toMatchObject({ outcome: 'committed' })
    const own = findings.filter((finding) => finding['scan_id'] === row?.['scan_id'])
    expect(own).toContainEqual(
      expect.objectContaining({ rule, place, message: expect.stringMatching(message) }),
    )
  })

  it.each(operators)('keeps the operator $name as text', ({ name, guid }) => {
    expect(scans.find((row) => row['scan_id'] === guid)).toMatchObject({ operator_name: name })
  })

  it('reads UTF-16', () => {
    expect(scans.find((row) => row['scan_id'] === utf16.guid)).toMatchObject({ operator_name: 'jo' })
  })

  it('measures nothing where all heights are NaN', async () => {
    const row = (await bronze.rows('heightmaps')).find((one) => one['scan_id'] === noise.guid)
    expect(row).toMatchObject({ nodata_share: 1, mean_mm: null, is_complete: true })
  })

  it('keeps a ZIP inside a scan as one of its files', async () => {
    expect(logOf(`${inner.path}/S`)).toMatchObject({ parse_status: 'SUCCESS' })
    expect(Object.keys(await bronze.objects(`bronze/scans/${inner.guid}/other`))).toHaveLength(1)
  })

  it('makes two different scans with one guid two revisions', () => {
    expect(twins.map(({ path }) => logOf(`${path}/S`)?.['outcome'])).toEqual(['committed', 'revision'])
    const found = scans.filter((row) => row['scan_id'] === guidA).map((row) => row['revision'])
    expect(found).toEqual([0, 1])
  })

  it('writes nothing outside of its folders', async () => {
    const paths = await pathsBelow('')
    expect(paths.filter((path) => !/^(bronze|archive|_plans)\//.test(path))).toEqual([])
    expect(paths.filter((path) => path.includes('evil') || path.includes('cron'))).toEqual([])
  })
})

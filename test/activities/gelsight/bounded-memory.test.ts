import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBronze } from './bronze-run.ts'
import { scanFiles, tmd } from './scan-files.ts'

const mebibyte = 2 ** 20
/** A process with DuckDB open takes a third of it before it reads a byte. */
const most = 600 * mebibyte
const heap = 96

const guid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

let home: string
let peak: number
let log: Record<string, unknown>[]

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'headrace-bounded-'))
  {
    await using bronze = await openBronze({ home })
    await bronze.putZip('good.zip', scanFiles('S', { guid: guid(1) }))
    await bronze.putZip('large-file.zip', {
      ...scanFiles('S', { guid: guid(2) }),
      'S/zeros.bin': Buffer.alloc(150 * mebibyte),
    })
    await bronze.putZip('large-yaml.zip', {
      ...scanFiles('S', { guid: guid(3) }),
      'S/scan.yaml': Buffer.alloc(100 * mebibyte, 'key: value\n'),
    })
    await bronze.putZip('large-calibration.zip', {
      'Calib-1.yaml': Buffer.alloc(100 * mebibyte, 'key: value\n'),
    })
    await bronze.putZip('large-map.zip', {
      ...scanFiles('S', { guid: guid(4) }),
      'S/part.tmd': Buffer.concat([tmd([0, 0, 0, 0]), Buffer.alloc(100 * mebibyte)]),
    })
    const many = Array.from({ length: 5_000 }, (_, n): [string, string] => [`S/analysis/io/${n}.txt`, ''])
    await bronze.putZip('many-files.zip', { 'Calib-2.yaml': 'x: [', ...Object.fromEntries(many) })
    const deep = `x: ${'['.repeat(1_000_000)}`
    await bronze.putZip('deep-yaml.zip', { ...scanFiles('S', { guid: guid(5) }), 'S/scan.yaml': deep })
  }
  const program = join(import.meta.dirname, 'measured-ingest.ts')
  const args = [`--max-old-space-size=${heap}`, program, home]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  peak = Number(stdout)
  await using after = await openBronze({ home })
  log = await after.rows('ingestion_log')
}, 300_000)
afterAll(() => rm(home, { recursive: true, force: true }))

it(`takes at most ${most / mebibyte} MiB and a heap of ${heap} MiB for 450 MiB of hostile files`, () => {
  expect(peak).toBeGreaterThan(0)
  expect(peak).toBeLessThan(most)
})

it('has said of each what became of it', () => {
  const outcomes = Object.fromEntries(log.map((row) => [row['source_path'], row['outcome']]))
  expect(outcomes).toEqual({
    'inbox/good.zip/S': 'committed',
    'inbox/large-file.zip/S': 'committed',
    'inbox/large-yaml.zip/S': 'quarantined',
    'inbox/large-map.zip/S': 'committed',
    'inbox/deep-yaml.zip/S': 'quarantined',
  })
})

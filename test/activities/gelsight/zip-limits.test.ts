import { afterAll, beforeAll, expect, it } from 'vitest'
import { rawEntries, rawZip } from '../../support/raw-zip.ts'
import { openBronze, type Bronze } from './bronze-run.ts'
import { scanFiles } from './scan-files.ts'

/** Zeros pack to a thousandth. */
const sparse = (bytes: number) => ({ 'S/big.bin': Buffer.alloc(bytes) })
const guid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

let bronze: Bronze
let log: Record<string, unknown>[]

beforeAll(async () => {
  bronze = await openBronze({ zip: { totalBytes: 3_000_000, entryBytes: 1_500_000, entries: 20 } })
  await bronze.putZip('small.zip', scanFiles('S', { guid: guid(1) }))
  await bronze.putZip('large-file.zip', { ...scanFiles('S', { guid: guid(2) }), ...sparse(1_500_001) })
  await bronze.putZip('large.zip', {
    ...scanFiles('S', { guid: guid(3) }),
    ...sparse(1_500_000),
    'S/other.bin': Buffer.alloc(1_500_000),
  })
  const many = Array.from({ length: 20 }, (_, n): [string, string] => [`S/${n}.txt`, ''])
  await bronze.putZip('many.zip', { ...scanFiles('S', { guid: guid(4) }), ...Object.fromEntries(many) })
  await bronze.ingest('b1')
  log = await bronze.rows('ingestion_log')
})
afterAll(() => bronze[Symbol.asyncDispose]())

it.each([
  ['inbox/small.zip/S', 'committed', null],
  [
    'inbox/large-file.zip/S',
    'quarantined',
    /^big\.bin unpacks to 1500001 bytes; at most 1500000 are allowed$/,
  ],
  [
    'inbox/large.zip',
    'quarantined',
    /^inbox\/large\.zip unpacks to more than 3000000 bytes, which is the most/,
  ],
  ['inbox/many.zip', 'quarantined', /^inbox\/many\.zip claims \d+ entries; at most 20 are read$/],
])('%s is %s by the limits that the settings give', (path, outcome, reason) => {
  expect(log.find((row) => row['source_path'] === path)).toMatchObject({
    outcome,
    error_message: reason === null ? null : expect.stringMatching(reason),
  })
})

it.each([
  [250, 'inbox/bomb.zip', /250 times its size and 1 GiB: a ZIP bomb$/],
  [100_000, 'inbox/bomb.zip/S', /x is damaged: it has 1 bytes, its directory says 1150000000$/],
])('refuses a ZIP that claims more than %d times its size', async (ratio, path, reason) => {
  await using own = await openBronze({ zip: { ratio } })
  const claim = { name: 'S/x', content: 'x', size: 1_150_000_000 }
  await own.putFile('bomb.zip', rawZip([...rawEntries(scanFiles('S')), claim]))
  await own.ingest('b1')
  expect(await own.rows('ingestion_log')).toMatchObject([
    { source_path: path, outcome: 'quarantined', error_message: expect.stringMatching(reason) },
  ])
})

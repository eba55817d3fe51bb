import { describe, expect, it } from 'vitest'
import { findScans } from '../../../activities/gelsight/find-scans.ts'
import { ingestScans } from '../../../activities/gelsight/ingest-scans.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { asArray, openBronze, type Bronze } from './bronze-run.ts'
import { guidA, guidB, scanFiles } from './scan-files.ts'

/** Three contents of one guid in one batch, each in a chunk of its own, and the second of them once more. */
async function putDrops(bronze: Bronze): Promise<void> {
  const drops = { a: '1.1 mm', b: '1.2 mm', c: '1.3 mm', d: '1.2 mm' }
  for (const [name, diameter] of Object.entries(drops)) {
    const files = scanFiles('Hole', { diameter })
    // Windows' editors write UTF-16.
    const yaml = Buffer.from(`\ufeff${String(files['Hole/scan.yaml'])}`, 'utf16le')
    await bronze.putZip(
      `${name}.zip`,
      name === 'b' || name === 'd' ? { ...files, 'Hole/scan.yaml': yaml } : files,
    )
  }
  await bronze.putZip('bb.zip', scanFiles('Hole', { guid: guidB }))
}

async function run(
  order: (chunks: JsonValue[], ingest: (chunk: JsonValue) => Promise<void>) => Promise<void>,
) {
  await using bronze = await openBronze()
  await putDrops(bronze)
  const { manifest = '', chunks } = await bronze.call(findScans, {
    source: 'inbox',
    batch: 'b1',
    chunkSize: 1,
  })
  await order(asArray(chunks), async (chunk) => void (await bronze.call(ingestScans, { manifest, chunk })))
  const log = await bronze.rows('ingestion_log')
  return {
    outcomes: Object.fromEntries(
      log.map(({ source_path, outcome, revision }) => [String(source_path), [outcome, revision]]),
    ),
    scans: await bronze.rows('scans'),
    measurements: await bronze.rows('measurements'),
    objects: Object.fromEntries(
      Object.entries(await bronze.objects('bronze/scans')).filter(([path]) => !path.endsWith('rows.json')),
    ),
  }
}

describe('contents of one guid in one batch', () => {
  const forward = run(async (chunks, ingest) => {
    for (const chunk of chunks) await ingest(chunk)
  })

  it('are revisions in the order of their paths', async () => {
    const { outcomes, scans } = await forward
    expect(outcomes).toEqual({
      'inbox/a.zip/Hole': ['committed', 0],
      'inbox/b.zip/Hole': ['revision', 1],
      'inbox/bb.zip/Hole': ['committed', 0],
      'inbox/c.zip/Hole': ['revision', 2],
      'inbox/d.zip/Hole': ['duplicate', 1],
    })
    expect(scans.filter((one) => one['scan_id'] === guidA)).toHaveLength(3)
  })

  it.each([
    {
      title: 'the last chunk first',
      order: async (chunks: JsonValue[], ingest: (chunk: JsonValue) => Promise<void>) => {
        for (const chunk of chunks.toReversed()) await ingest(chunk)
      },
    },
    {
      title: 'all chunks at once',
      order: async (chunks: JsonValue[], ingest: (chunk: JsonValue) => Promise<void>) => {
        await Promise.all(chunks.map(ingest))
      },
    },
  ])('are the same with $title', async ({ order }) => {
    expect(await run(order)).toEqual(await forward)
  })
})

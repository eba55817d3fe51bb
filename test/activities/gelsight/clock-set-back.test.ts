import { afterEach, describe, expect, it, vi } from 'vitest'
import { openBronze, type Bronze } from './bronze-run.ts'
import { calibration, scanFiles } from './scan-files.ts'

const tables = ['scans', 'shapes', 'measurements', 'images', 'calibrations', 'scan_calibrations']
const guid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const year = 365 * 24 * 3600 * 1000

/** Only the wall clock is moved: what waits, waits in real time. */
function setClock(offsetMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offsetMs, shouldAdvanceTime: true })
}

afterEach(() => void vi.useRealTimers())

async function twoBatches(bronze: Bronze, between: () => void): Promise<Record<string, unknown>> {
  await bronze.putZip('one.zip', {
    ...scanFiles('A', { guid: guid(1) }),
    ...scanFiles('B', { guid: guid(2) }),
  })
  await bronze.ingest('b1')
  between()
  await bronze.putZip('two.zip', {
    ...scanFiles('B', { guid: guid(2), diameter: '2 mm' }),
    ...scanFiles('C', { guid: guid(3) }),
    'again/Calib-1.yaml': calibration().replace(/mmperpixel: \S+/, 'mmperpixel: 0.0077'),
  })
  await bronze.putZip('sent-again.zip', scanFiles('A', { guid: guid(1) }))
  await bronze.ingest('b2')
  const content: Record<string, unknown> = {}
  for (const table of tables) content[table] = await bronze.rows(table)
  content['outcomes'] = (await bronze.rows('ingestion_log')).map(({ source_path, outcome }) => [
    source_path,
    outcome,
  ])
  return content
}

describe("a worker's clock", () => {
  it.each([
    ['set back by a year', -year],
    ['set forward by a year', year],
  ])('that is %s between two batches changes nothing of what they bring', async (_title, offset) => {
    await using undisturbed = await openBronze()
    const expected = await twoBatches(undisturbed, () => undefined)
    await using bronze = await openBronze()
    expect(await twoBatches(bronze, () => setClock(offset))).toEqual(expected)
  })
})

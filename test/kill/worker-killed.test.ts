import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { createInstallation, type Installation } from '../support/installation.ts'
import { contentOnly, tableContents, type TableContent } from '../support/table-content.ts'
import { waitForRunning } from '../support/running-activity.ts'

/**
 * The worker is killed with SIGKILL in the middle of each of the three pipelines. The run must finish by itself after a restart, and
 * the tables must be those of a run that nobody disturbed.
 */
const batch = 'kill'
const processedAt = '2026-02-01T00:00:00Z'
const pipelines = ['bronze_ingest', 'silver_transform', 'gold_analytics'] as const
/** In which activity of each pipeline the worker dies. */
const victims: Record<(typeof pipelines)[number], string> = {
  bronze_ingest: 'IngestScans',
  silver_transform: 'BuildTable',
  gold_analytics: 'BuildTable',
}

let undisturbed: Record<string, TableContent>
let disturbed: Installation

/** Each has a Temporal server of its own: both run the same workflow ids. */
async function install(name: string): Promise<Installation> {
  const installation = await createInstallation({ name })
  await makeSamples({
    folder: join(installation.home, 'lake/inbox'),
    scans: 60,
    width: 256,
    bad: 0.1,
    scansPerDrop: 30,
  })
  await installation.up()
  return installation
}

const argumentsFor = (pipeline: string): string[] => [
  'run',
  pipeline,
  '--no-chain',
  '--batch',
  batch,
  '--param',
  `processedAt=${processedAt}`,
]

beforeAll(async () => {
  const installation = await install('undisturbed')
  for (const pipeline of pipelines) {
    const result = await installation.headrace(...argumentsFor(pipeline))
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
  }
  undisturbed = await tableContents(installation.home)
  await installation.remove()
  disturbed = await install('disturbed')
}, 240_000)

afterAll(() => disturbed?.remove())

describe('a worker killed with SIGKILL', () => {
  it.each(pipelines.map((pipeline) => ({ pipeline, activity: victims[pipeline] })))(
    'in the middle of $activity of $pipeline: the next worker goes on, and the run that was followed all the time succeeds',
    async ({ pipeline, activity }) => {
      const following = disturbed.headrace(...argumentsFor(pipeline))
      await waitForRunning(disturbed, `${pipeline}/${batch}`, activity)
      expect(await disturbed.signal('worker', 'SIGKILL')).toBe(true)
      await disturbed.up()
      const result = await following
      expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    },
    180_000,
  )

  it('in each of the three pipelines leaves every table as a run that nobody disturbed, to the last bit', async () => {
    const tables = await tableContents(disturbed.home)
    expect(Object.keys(undisturbed).length).toBeGreaterThan(20)
    expect(contentOnly(tables)).toEqual(contentOnly(undisturbed))
  })
})

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

const pipelines = ['bronze_ingest', 'silver_transform', 'gold_analytics']
const batch = 'gelsight'

let installation: Installation

beforeAll(async () => {
  installation = await createInstallation({ name: 'gelsight', temporalAddress: inject('temporalAddress') })
  const folder = join(installation.home, 'lake/inbox')
  await makeSamples({ folder, scans: 60, width: 64, bad: 0.1, scansPerDrop: 30 })
  await installation.up()
}, 240_000)

afterAll(() => installation?.remove())

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const { stdout, stderr } = await installation.headrace('query', '--json', sql)
  try {
    return JSON.parse(stdout) as Record<string, unknown>[]
  } catch {
    throw new Error(`${sql}\n${stdout}\n${stderr}`)
  }
}

describe('the three pipelines of the platform', () => {
  it('bring a drop to gold, each started by the one before it', async () => {
    const result = await installation.headrace('run', 'bronze_ingest', '--batch', batch)
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    const { stdout } = await installation.headrace('runs', '--json')
    for (const pipeline of pipelines) expect(stdout).toContain(`${pipeline}/${batch}`)
    const [counts] = await rows(`
      SELECT (SELECT count(*) FROM bronze.scans) AS bronze, (SELECT count(*) FROM silver.fact_scan_metadata WHERE revision IS NOT NULL) AS silver,
        (SELECT count(DISTINCT routine_type) FROM silver.fact_measurements) AS routines,
        (SELECT sum(n) FROM gold.qc_reporting) = (SELECT count(*) FROM silver.fact_measurements) AS all_reported,
        (SELECT sum(scans) FROM gold.operator_performance) = (SELECT count(*) FROM bronze.scans) AS all_performed`)
    expect(counts).toMatchObject({ routines: 5, all_reported: true, all_performed: true })
    expect(counts?.['silver']).toBe(counts?.['bronze'])
    expect(Number(counts?.['bronze'])).toBeGreaterThan(50)
  })

  it('keep the training data with its manifest, and tell people how it went', async () => {
    const versions = await readdir(join(installation.home, 'lake/gold/ml_training_datasets'))
    expect(versions).toHaveLength(1)
    const outbox = await readdir(join(installation.home, 'outbox'))
    expect(outbox).toHaveLength(3)
  })

  it('end as failed and tell people which activity failed and why', async () => {
    const broken = ['processedAt=yesterday', `source=bronze/_batches/${batch}`]
    const parameters = broken.flatMap((parameter) => ['--param', parameter])
    const result = await installation.headrace('run', 'bronze_ingest', '--batch', 'broken', ...parameters)
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 1 })
    const outbox = join(installation.home, 'outbox')
    const messages = await Promise.all(
      (await readdir(outbox)).map(async (file): Promise<unknown> =>
        JSON.parse(await readFile(join(outbox, file), 'utf8')),
      ),
    )
    expect(messages).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        title: 'bronze_ingest failed for batch broken',
        activity: 'Find scans',
        error: expect.stringContaining('processedAt "yesterday" is no time'),
        input: { batch: 'broken' },
      }),
    )
  })
})

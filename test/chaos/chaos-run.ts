import { Client, Connection } from '@temporalio/client'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readStack } from '../../clients/dev/stack-state.ts'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { createInstallation, type Installation } from '../support/installation.ts'
import { disturb, drawDisturbances, type Disturbance } from './disturbance.ts'
import { differences, survey, type Survey } from './survey.ts'

export interface ChaosOptions {
  readonly scans: number
  readonly width: number
}

export interface ChaosResult {
  readonly seed: number
  readonly disturbances: readonly Disturbance[]
  /** Empty: nothing lost, nothing twice. */
  readonly differences: readonly string[]
  readonly seconds: number
  /** Kept for a look when there are differences. */
  readonly home: string | null
}

const chain = ['bronze_ingest', 'silver_transform', 'gold_analytics']
const batch = 'chaos'
const limitMs = 300_000

/** The drop through all three pipelines with nobody disturbing. */
export async function undisturbedRun(options: ChaosOptions): Promise<Survey> {
  const installation = await install('calm', options)
  try {
    await begin(installation)
    await waitForChain(installation)
    return await survey(installation.home)
  } finally {
    await installation.remove()
  }
}

/** The same drop while processes are killed as the seed says. */
export async function chaosRun(seed: number, expected: Survey, options: ChaosOptions): Promise<ChaosResult> {
  const start = performance.now()
  const disturbances = drawDisturbances(seed)
  const installation = await install(`chaos-${seed}`, options)
  let found: string[]
  try {
    await begin(installation)
    for (const disturbance of disturbances) await disturb(installation, disturbance)
    await waitForChain(installation)
    found = differences(expected, await survey(installation.home))
  } catch (error) {
    found = [error instanceof Error ? error.message : String(error)]
  }
  await installation.down()
  if (found.length === 0) await installation.remove()
  const seconds = (performance.now() - start) / 1000
  return {
    seed,
    disturbances,
    differences: found,
    seconds,
    home: found.length === 0 ? null : installation.home,
  }
}

async function install(name: string, options: ChaosOptions): Promise<Installation> {
  const installation = await createInstallation({ name })
  const folder = join(installation.home, 'lake/inbox')
  await makeSamples({
    folder,
    scans: options.scans,
    width: options.width,
    bad: 0.1,
    scansPerDrop: 20,
    folderEvery: 3,
  })
  await installation.up()
  return installation
}

async function begin(installation: Installation): Promise<void> {
  const started = await installation.headrace(
    'run',
    'bronze_ingest',
    '--batch',
    batch,
    '--param',
    'processedAt=2026-02-01T00:00:00Z',
    '--detach',
  )
  if (started.code !== 0) throw new Error(`the run does not start: ${started.stderr}`)
}

/** Until the last pipeline of the chain has ended; throws with the first that ended otherwise than well. */
async function waitForChain(installation: Installation): Promise<void> {
  const until = performance.now() + limitMs
  for (const pipeline of chain) {
    for (;;) {
      const status = await statusOf(installation, `${pipeline}/${batch}`)
      if (status === 'COMPLETED') break
      if (status !== 'RUNNING' && status !== 'unknown')
        throw new Error(`${pipeline}/${batch} ended as ${status}`)
      if (performance.now() > until)
        throw new Error(`${pipeline}/${batch} is ${status} after ${limitMs / 1000} s`)
      await sleep(100)
    }
  }
}

async function statusOf(installation: Installation, workflowId: string): Promise<string> {
  const address = readStack(installation.settings.home).temporal?.address
  if (address === undefined) return 'unknown'
  const connection = await Connection.connect({ address, connectTimeout: '2s' }).catch(() => null)
  if (connection === null) return 'unknown'
  try {
    const description = await new Client({ connection }).workflow.getHandle(workflowId).describe()
    return description.status.name
  } catch {
    return 'unknown'
  } finally {
    await connection.close()
  }
}

import { join } from 'node:path'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { createInstallation, type Installation } from '../support/installation.ts'
import { Chain } from './chain.ts'
import { disturb, type Met } from './disturb.ts'
import { leftForGood } from './leftovers.ts'
import { notificationFaults } from './notification-faults.ts'
import { type ChaosPlan, type Disturbance, drawPlan } from './plan.ts'
import { processesOf } from './processes.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { differences, diskFailures, notesOf, survey, type Survey } from './survey.ts'
import type { Workshop } from './workshop.ts'
import { WriteWatch } from './write-watch.ts'

export interface ChaosOptions {
  readonly workshop: Workshop
  readonly scans: number
  readonly width: number
  /** False: a run goes without a full disk. */
  readonly mayMount: boolean
}

/** What a run must be equal to. */
export interface Calm {
  readonly survey: Survey
  /** History events of the whole chain: moments are shares of them. */
  readonly events: number
}

export interface ChaosResult {
  readonly seed: number
  readonly happened: readonly { readonly disturbance: Disturbance; readonly met: Met }[]
  /** Attempts of activities that met a full disk and were retried. */
  readonly diskFailures: number
  /** Empty: nothing lost, nothing twice. */
  readonly faults: readonly string[]
  readonly seconds: number
  /** Kept for a look when there are faults. */
  readonly home: string | null
}

const batch = 'chaos'

/** The drop through all three pipelines with nobody disturbing. */
export async function undisturbedRun(options: ChaosOptions): Promise<Calm> {
  const run = await install('calm', options, 0)
  try {
    await begin(run.installation)
    const { events } = await run.chain.until((now) => now.ended, 'the end of the undisturbed chain')
    await run.chain.close()
    const found = await survey(run.installation.home)
    if (found.logged.length > 0) throw new Error(`the undisturbed run: ${found.logged.join('; ')}`)
    return { survey: found, events }
  } finally {
    await run.remove()
  }
}

/** The same drop while processes are killed, stopped and starved of disk as the seed says. */
export async function chaosRun(seed: number, calm: Calm, options: ChaosOptions): Promise<ChaosResult> {
  const start = performance.now()
  const plan = drawPlan(seed)
  const run = await install(`chaos-${seed}`, options, plan.refusedDelivery, usesDisk(plan, options))
  const { installation, chain, receiver } = run
  const watch = new WriteWatch(join(installation.home, 'lake'))
  const happened: { disturbance: Disturbance; met: Met }[] = []
  let faults: string[]
  let metFullDisk = 0
  try {
    watch.start()
    await begin(installation)
    for (const disturbance of plan.disturbances) {
      happened.push({ disturbance, met: await disturb(run, disturbance, calm.events) })
    }
    await chain.until((now) => now.ended, 'the end of the chain')
    watch.stop()
    await chain.close()
    const found = await survey(installation.home)
    metFullDisk = await diskFailures(installation.home)
    await installation.down()
    faults = [
      ...differences(calm.survey, found),
      ...notificationFaults(calm.survey.notifications, receiver.deliveries, notesOf(installation.home)),
      ...[...watch.writtenAgain].map((path) => `written twice: ${path}`),
      ...processesOf(installation.home).map((process) => `process left: ${process}`),
      ...(await leftForGood(installation)).map((path) => `unfinished file left for good: ${path}`),
    ]
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)]
  }
  watch.stop()
  await chain.close()
  await installation.down()
  if (faults.length === 0) await run.remove()
  else await receiver.close()
  const seconds = (performance.now() - start) / 1000
  const home = faults.length === 0 ? null : installation.home
  return { seed, happened, diskFailures: metFullDisk, faults, seconds, home }
}

interface Run {
  readonly installation: Installation
  readonly chain: Chain
  readonly receiver: Receiver
  readonly disk: SmallDisk | null
  remove(): Promise<void>
}

function usesDisk(plan: ChaosPlan, options: ChaosOptions): boolean {
  return options.mayMount && plan.disturbances.some(({ victim }) => victim === 'disk')
}

async function install(
  name: string,
  options: ChaosOptions,
  refusedDelivery: number,
  onSmallDisk = false,
): Promise<Run> {
  const { workshop, scans, width } = options
  const receiver = await startReceiver(refusedDelivery)
  const installation = await createInstallation({
    name,
    environment: {
      HEADRACE_FACTORY: workshop.factory,
      HEADRACE_WEBHOOK: await workshop.secret(`webhook-${name}`, receiver.url),
      HEADRACE_DUCKDB_MEMORY: '256MB',
    },
  })
  const disk = onSmallDisk ? mountSmallDisk(installation.home) : null
  const folder = join(installation.home, 'lake/inbox')
  await makeSamples({ folder, scans, width, bad: 0.1, scansPerDrop: 20, folderEvery: 3 })
  await installation.up()
  return {
    installation,
    chain: new Chain(installation, batch),
    receiver,
    disk,
    async remove() {
      await installation.down()
      await receiver.close()
      disk?.unmount()
      await installation.remove()
    },
  }
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

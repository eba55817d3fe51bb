import { setTimeout as sleep } from 'node:timers/promises'
import { endProcess, type ProcessIdentity } from '../../clients/dev/process-identity.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { startWorker } from '../../clients/dev/worker-process.ts'
import type { Installation } from '../support/installation.ts'
import type { Chain, HeldActivity } from './chain.ts'
import type { Disturbance } from './plan.ts'
import type { SmallDisk } from './small-disk.ts'

export interface Disturbed {
  readonly installation: Installation
  readonly chain: Chain
  /** Null: the home lies on a disk that is nobody's to fill. */
  readonly disk: SmallDisk | null
}

/** What a disturbance met; null where it did not happen: the chain had ended, or there is no disk to fill. */
export type Met = string | null

/** Waits for the moment, carries it out, and makes sure that everything runs again afterwards. */
export async function disturb(
  { installation, chain, disk }: Disturbed,
  disturbance: Disturbance,
  events: number,
): Promise<Met> {
  const { victim, at, thenMs, awayMs } = disturbance
  const state = await chain.until(
    (now) => now.ended || now.events >= at * events,
    `${Math.round(at * 100)} % of the chain`,
  )
  if (state.ended || (victim === 'disk' && disk === null)) return null
  if (victim === 'zombie') return wakeAsZombie({ installation, chain, disk }, awayMs)
  if (victim === 'disk' && disk !== null) return fillDisk({ installation, chain, disk }, disturbance)
  await sleep(thenMs)
  const met = holding(state.held)
  if (victim === 'worker' || victim === 'both') await installation.signal('worker', 'SIGKILL')
  if (victim === 'temporal' || victim === 'both') await installation.signal('temporal', 'SIGKILL')
  await sleep(awayMs)
  // What waits longer and longer for a dead server would miss what happens next.
  await chain.close()
  await installation.up()
  return met
}

/** Activities that write more than a line. */
const writing = [
  'IngestScans',
  'IngestCalibrations',
  'IngestImages',
  'BuildTable',
  'BuildTrainingDataset',
  'CheckQuality',
  'LoadWarehouse',
]

/** Fills the disk under an activity that writes, so that somebody meets it. */
async function fillDisk(
  { installation, chain, disk }: Disturbed & { readonly disk: SmallDisk },
  { awayMs }: Disturbance,
): Promise<Met> {
  const state = await chain.until(
    (now) => now.ended || now.held.some(({ type }) => writing.includes(type)),
    'an activity that writes',
  )
  if (state.ended) return null
  disk.fill()
  await sleep(awayMs)
  disk.free()
  await chain.close()
  await installation.up()
  return holding(state.held)
}

/**
 * The worker is stopped while it holds an activity; the server takes it for dead and hands the activity to another worker; then it wakes up
 * in the middle of the other's attempt, or just after it, and tries to finish.
 */
async function wakeAsZombie({ installation, chain }: Disturbed, awayMs: number): Promise<Met> {
  const { worker, temporal } = readStack(installation.settings.home)
  if (worker === null) throw new Error('no worker to stop')
  const held = await stopWhileHolding(chain, worker)
  if (held === null) return null
  let other: ProcessIdentity | null = null
  try {
    other = await startWorker({
      settings: installation.settings,
      address: worker.address,
      ui: temporal?.ui ?? null,
      logFile: `${installation.home}/logs/worker-2.log`,
    })
    await chain.until(
      (now) => held.every((mine) => !now.held.some((one) => sameAttempt(one, mine))),
      'another worker takes over',
      60_000,
    )
    await sleep(awayMs)
  } finally {
    process.kill(worker.pid, 'SIGCONT')
    await sleep(1000)
    if (other !== null) await endProcess(other)
  }
  return holding(held)
}

/** Null: the chain ended before the worker held anything. */
async function stopWhileHolding(
  chain: Chain,
  worker: ProcessIdentity,
): Promise<readonly HeldActivity[] | null> {
  for (;;) {
    const before = await chain.until((now) => now.ended || now.held.length > 0, 'an activity in hand')
    if (before.ended) return null
    process.kill(worker.pid, 'SIGSTOP')
    // What it finished just before it stopped may be on its way.
    await sleep(200)
    const after = await chain.look()
    if (after !== null && after.held.length > 0) return after.held
    process.kill(worker.pid, 'SIGCONT')
  }
}

function sameAttempt(one: HeldActivity, other: HeldActivity): boolean {
  return (
    one.pipeline === other.pipeline && one.activityId === other.activityId && one.attempt === other.attempt
  )
}

function holding(held: readonly HeldActivity[]): string {
  if (held.length === 0) return 'between activities'
  return [...new Set(held.map(({ pipeline, type }) => `${pipeline} ${type}`))].join(', ')
}

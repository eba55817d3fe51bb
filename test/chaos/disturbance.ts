import { setTimeout as sleep } from 'node:timers/promises'
import { startWorker } from '../../clients/dev/worker-process.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { endProcess, type ProcessIdentity } from '../../clients/dev/process-identity.ts'
import { createRandom } from '../../formats/gelsight/make/random.ts'
import type { Installation } from '../support/installation.ts'

export type Victim = 'worker' | 'temporal' | 'both' | 'zombie'

/** One disturbance of a run: drawn from the seed alone, so that a failure is repeated exactly. */
export interface Disturbance {
  readonly victim: Victim
  /** Milliseconds after the disturbance before it was over. */
  readonly afterMs: number
  /** How long the victim stays away. */
  readonly awayMs: number
}

/** Longer than the heartbeat timeout of 10 s: the activity is somebody else's when the sleeper wakes up. */
const zombieSleepMs = 12_000

/** Two to four kills; every third run also has a worker that sleeps through its heartbeat timeout and wakes up as a zombie. */
export function drawDisturbances(seed: number): Disturbance[] {
  const random = createRandom(seed).fork('chaos')
  const kills = Array.from({ length: 2 + random.integer(3) }, (): Disturbance => {
    const victim = random.pick(['worker', 'worker', 'temporal', 'both'] as const)
    return { victim, afterMs: 100 + random.integer(1500), awayMs: random.integer(800) }
  })
  if (seed % 3 !== 0) return kills
  return [...kills, { victim: 'zombie', afterMs: random.integer(600), awayMs: zombieSleepMs }]
}

export function describeDisturbance({ victim, afterMs, awayMs }: Disturbance): string {
  return `${victim} after ${afterMs} ms for ${awayMs} ms`
}

/** Carries one out and makes sure that everything runs again afterwards. */
export async function disturb(installation: Installation, disturbance: Disturbance): Promise<void> {
  await sleep(disturbance.afterMs)
  if (disturbance.victim === 'zombie') return wakeAsZombie(installation, disturbance.awayMs)
  if (disturbance.victim !== 'temporal') await installation.signal('worker', 'SIGKILL')
  if (disturbance.victim !== 'worker') await installation.signal('temporal', 'SIGKILL')
  await sleep(disturbance.awayMs)
  await installation.up()
}

/** The worker sleeps; another one takes over what it held; then it wakes up and tries to finish. */
async function wakeAsZombie(installation: Installation, awayMs: number): Promise<void> {
  const { worker, temporal } = readStack(installation.settings.home)
  if (worker === null) return
  process.kill(worker.pid, 'SIGSTOP')
  let other: ProcessIdentity | null = null
  try {
    other = await startWorker({
      settings: installation.settings,
      address: worker.address,
      ui: temporal?.ui ?? null,
      logFile: `${installation.home}/logs/worker-2.log`,
    })
    await sleep(awayMs)
  } finally {
    process.kill(worker.pid, 'SIGCONT')
    await sleep(1000)
    if (other !== null) await endProcess(other)
  }
}

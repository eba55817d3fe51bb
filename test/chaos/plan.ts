import { createRandom } from '../../formats/gelsight/make/random.ts'

export type Victim = 'worker' | 'temporal' | 'both' | 'zombie' | 'disk'

/** One disturbance of a run. */
export interface Disturbance {
  readonly victim: Victim
  /**
   * The moment: when this share of the chain's events has happened, as an undisturbed run counts them. Progress and not the clock, so
   * that a slow machine is hit at the same place.
   */
  readonly at: number
  /** Milliseconds more. */
  readonly thenMs: number
  /**
   * A killed process is started again so long afterwards; a full disk is freed; a sleeper wakes up so long after another worker has taken
   * over what it held.
   */
  readonly awayMs: number
}

/** All that happens to one run, drawn from the seed alone: a failure is repeated with its seed. */
export interface ChaosPlan {
  readonly seed: number
  readonly disturbances: readonly Disturbance[]
  /** Which delivery of a notification is refused after it was received, so that it is repeated. */
  readonly refusedDelivery: number
}

/** One to three kills, and in each odd run a worker that sleeps through its heartbeat timeout, in each even one a disk that fills up. */
export function drawPlan(seed: number): ChaosPlan {
  const random = createRandom(seed).fork('chaos')
  const kills = Array.from({ length: 1 + random.integer(3) }, (): Disturbance => {
    const victim = random.pick(['worker', 'worker', 'temporal', 'both'] as const)
    return { victim, at: percent(random.next()), thenMs: random.integer(400), awayMs: random.integer(800) }
  })
  const slow: Disturbance =
    seed % 2 === 1
      ? {
          victim: 'zombie',
          at: percent(random.next() * 0.6),
          thenMs: random.integer(100),
          awayMs: random.integer(1500),
        }
      : {
          victim: 'disk',
          at: percent(random.next() * 0.6),
          thenMs: random.integer(100),
          awayMs: 500 + random.integer(1500),
        }
  return {
    seed,
    disturbances: [...kills, slow].toSorted((a, b) => a.at - b.at),
    refusedDelivery: 1 + random.integer(3),
  }
}

const names: Readonly<Record<Victim, string>> = {
  worker: 'worker killed',
  temporal: 'Temporal server killed',
  both: 'worker and Temporal server killed',
  zombie: 'worker stopped until another took over',
  disk: 'disk full',
}

/** `worker killed at 42 % + 130 ms for 500 ms` */
export function describeDisturbance({ victim, at, thenMs, awayMs }: Disturbance): string {
  return `${names[victim]} at ${Math.round(at * 100)} % + ${thenMs} ms for ${awayMs} ms`
}

function percent(share: number): number {
  return Math.floor(share * 100) / 100
}

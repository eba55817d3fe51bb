import { CancellationScope, condition, defineSignal, log } from '@temporalio/workflow'
import { pauseSignal, resumeSignal } from '../adf/run/status.ts'

export const pause = defineSignal(pauseSignal)
export const resume = defineSignal(resumeSignal)

/** A child workflow that pauses with its parent. */
interface Pausable {
  signal(definition: typeof pause | typeof resume): Promise<void>
}

/** Between activities: closed while the run is paused. What runs goes on, nothing new starts, children do the same. */
export class PauseGate {
  readonly #children = new Set<Pausable>()
  #paused: boolean

  constructor(paused: boolean) {
    this.#paused = paused
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Resolves once the run is not paused; rejects when it is cancelled. */
  async open(): Promise<void> {
    if (this.#paused) await condition(() => !this.#paused)
  }

  async set(paused: boolean): Promise<void> {
    this.#paused = paused
    await Promise.all([...this.#children].map((child) => forward(child, paused)))
  }

  /** Passes pause and resume on to a child for as long as it runs. */
  async including<T>(child: Pausable, ended: Promise<T>): Promise<T> {
    this.#children.add(child)
    if (this.#paused) await forward(child, true)
    try {
      return await ended
    } finally {
      this.#children.delete(child)
    }
  }
}

/** The only way this fails is a child that has just ended: it cannot take the signal, and need not. */
async function forward(child: Pausable, paused: boolean): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() => child.signal(paused ? pause : resume))
  } catch (error) {
    log.debug('A child took no more signals', { error })
  }
}

import { CancelledFailure } from '@temporalio/common'
import type { Shell } from '../workflows/shell.ts'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/** A clock that stands still while anything can go on, and then jumps to the next timer: a Wait of a day takes no time. */
export class VirtualTime {
  #now: number
  #timers: Timer[] = []

  /** Milliseconds since 1970. */
  constructor(start: number) {
    this.#now = start
  }

  get now(): number {
    return this.#now
  }

  /** Calls `fire` once the clock is that far; returns how to forget it. Timers of one moment fire in the order in which they were set. */
  after(milliseconds: number, fire: () => void): () => void {
    const timer: Timer = { at: this.#now + milliseconds, fire }
    const later = this.#timers.findIndex(({ at }) => at > timer.at)
    if (later === -1) this.#timers.push(timer)
    else this.#timers.splice(later, 0, timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /**
   * Lets time pass until `work` has ended. `idle` resolves when nothing can go on without the clock. Throws where `work` waits for what
   * never comes.
   */
  async until<T>(work: Promise<T>, idle: () => Promise<void>): Promise<T> {
    let ended = false
    const mark = (): void => {
      ended = true
    }
    work.then(mark, mark)
    for (;;) {
      await idle()
      if (ended) return work
      const next = this.#timers.shift()
      if (next === undefined) throw new Error('The run waits and no timer is set: it would never end')
      this.#now = next.at
      next.fire()
    }
  }
}

/** The shell of a run, or of a part of it that can be cancelled on its own. */
export class VirtualShell implements Shell {
  readonly #time: VirtualTime
  readonly #onCancel = new Set<() => void>()
  #isCancelled = false

  constructor(time: VirtualTime) {
    this.#time = time
  }

  readonly cancelled = (): boolean => this.#isCancelled

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = (): void => {
        forget()
        reject(new CancelledFailure('Timer cancelled'))
      }
      const forget = this.#time.after(milliseconds, () => {
        this.#onCancel.delete(cancel)
        resolve()
      })
      this.#whenCancelled(cancel)
    })

  readonly within = async <T>(milliseconds: number, work: (inner: Shell) => Promise<T>): Promise<T> => {
    const inner = new VirtualShell(this.#time)
    const cancel = (): void => inner.#cancel()
    this.#whenCancelled(cancel)
    const forget = this.#time.after(milliseconds, cancel)
    try {
      return await work(inner)
    } finally {
      forget()
      this.#onCancel.delete(cancel)
    }
  }

  #whenCancelled(cancel: () => void): void {
    if (this.#isCancelled) cancel()
    else this.#onCancel.add(cancel)
  }

  #cancel(): void {
    this.#isCancelled = true
    const waiting = [...this.#onCancel]
    this.#onCancel.clear()
    for (const cancel of waiting) cancel()
  }
}

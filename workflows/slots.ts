/** Temporal advises at most 500 pending activities and children a workflow and refuses more than 2,000. */
const mostPending = 400

/** Bounds what one workflow has pending on the server, however its loops are nested. */
export class Slots {
  #used = 0
  /** In the order in which they came. One promise each: conditions would all be asked again whenever one place is free. */
  readonly #waiting: (() => void)[] = []

  /** Runs `work` once there is room. `work` must not ask for a slot itself. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#used >= mostPending)
      // Who ends hands its place on. A cancelled run's work refuses to start by itself.
      return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() => this.#during(work))
    this.#used += 1
    return this.#during(work)
  }

  /** No async function: each `await` is one promise more, of every activity. */
  #during<T>(work: () => Promise<T>): Promise<T> {
    const free = (): void => {
      const next = this.#waiting.shift()
      if (next === undefined) this.#used -= 1
      else next()
    }
    try {
      const done = work()
      void done.then(free, free)
      return done
    } catch (error) {
      free()
      throw error
    }
  }
}

import { condition } from '@temporalio/workflow'

/** Temporal advises at most 500 pending activities and children a workflow and refuses more than 2,000. */
const mostPending = 400

/** Bounds what one workflow has pending on the server, however its loops are nested. */
export class Slots {
  #used = 0

  /** Runs `work` once there is room. `work` must not ask for a slot itself. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    while (this.#used >= mostPending) await condition(() => this.#used < mostPending)
    this.#used += 1
    try {
      return await work()
    } finally {
      this.#used -= 1
    }
  }
}

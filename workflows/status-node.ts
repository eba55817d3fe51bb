import type { ActivityError, ActivityRunStatus } from '../adf/run/run.ts'
import type { ActivityStatus } from '../adf/run/status.ts'

/** Failed iterations that a status shows one by one; the run records have all. */
const mostFailedIterations = 50

interface Iterations {
  total: number
  done: number
  failed: number
  running: number
}

/** One activity in the tree that the query `status` answers with. Changed as the run goes on. */
export class StatusNode {
  readonly name: string
  readonly type: string
  status: ActivityStatus['status'] = 'Waiting'
  retryAttempt = 0
  start: string | null = null
  end: string | null = null
  error: ActivityError | null = null
  activityId: string | null = null
  iterations: Iterations | null = null
  readonly workflowIds = new Set<string>()
  #children: StatusNode[] = []
  #failedIterations = 0
  readonly #changed: () => void

  constructor(name: string, type: string, changed: () => void = () => {}) {
    this.name = name
    this.type = type
    this.#changed = changed
  }

  begin(retryAttempt: number, start: string): void {
    this.status = 'InProgress'
    this.retryAttempt = retryAttempt
    this.start ??= start
    this.#changed()
  }

  finish(status: ActivityRunStatus, end: string, error: ActivityError | null): void {
    this.status = status
    this.end = end
    this.error = error
    this.activityId = null
    this.#changed()
  }

  /** Shows these as what is inside, in place of what was shown before. */
  show(children: StatusNode[]): void {
    this.#children = children
  }

  /** A new iteration; it stays in sight while it runs, and afterwards when it failed. */
  beginIteration(index: number): StatusNode {
    const node = new StatusNode(String(index), 'Iteration')
    node.status = 'InProgress'
    this.#children.push(node)
    if (this.iterations !== null) this.iterations.running += 1
    return node
  }

  endIteration(node: StatusNode, failed: boolean): void {
    if (this.iterations !== null) {
      this.iterations.running -= 1
      this.iterations.done += 1
      if (failed) this.iterations.failed += 1
    }
    node.status = failed ? 'Failed' : 'Succeeded'
    if (failed) this.#failedIterations += 1
    if (failed && this.#failedIterations <= mostFailedIterations) return
    this.#children = this.#children.filter((child) => child !== node)
  }

  toStatus(): ActivityStatus {
    const { name, type, status, retryAttempt, start, end, error, activityId } = this
    return {
      name,
      type,
      status,
      retryAttempt,
      start,
      end,
      error,
      activityId,
      iterations: this.iterations === null ? null : { ...this.iterations },
      workflowIds: [...this.workflowIds],
      children: this.#children.map((child) => child.toStatus()),
    }
  }
}

import type { JsonValue } from '../adf/json.ts'
import type { ControlActivity } from '../adf/plan/plan.ts'
import type { Culprit } from '../engine/failure.ts'
import type { LaneShare } from '../engine/lanes.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import { runScope, statusNodes } from './scope.ts'
import type { StatusNode } from './status-node.ts'

export type ForEach = Extract<ControlActivity, { type: 'ForEach' }>

/** Failed iterations that a loop's error names. */
const mostCulprits = 10

/** How a loop stands; what a lane carries through continue-as-new and hands back. */
export interface IterationTally {
  readonly done: number
  readonly failed: number
  /** By iteration, the first ones. */
  readonly culprits: readonly (Culprit & { readonly index: number })[]
}

export const emptyTally: IterationTally = { done: 0, failed: 0, culprits: [] }

export function addTallies(a: IterationTally, b: IterationTally): IterationTally {
  const culprits = [...a.culprits, ...b.culprits].toSorted((x, y) => x.index - y.index)
  return { done: a.done + b.done, failed: a.failed + b.failed, culprits: culprits.slice(0, mostCulprits) }
}

export interface IterationOptions {
  readonly share: LaneShare
  /** First position in the items that has not been started. */
  readonly from: number
  /** Asked before each iteration: whether to start no more. How many run, and how many this call has started. */
  readonly enough: (running: number, started: number) => boolean
  readonly onEnd?: () => void
}

/**
 * Runs iterations of a loop, `share.window` at most at once, each taking the next item as soon as it is free. A failed one
 * stops no other. Ends early when the run is cancelled or `enough` says so, once what is in flight has ended; `next` is the
 * first position that was not started.
 */
export async function runIterations(
  run: Run,
  loop: ForEach,
  items: readonly JsonValue[],
  frame: Frame,
  node: StatusNode,
  { share, from, enough, onEnd }: IterationOptions,
): Promise<{ next: number; tally: IterationTally }> {
  let next = from
  let running = 0
  let tally = emptyTally

  const lane = async (): Promise<void> => {
    while (next < items.length && !run.shell.cancelled() && !enough(running, next - from)) {
      const item = items[next] ?? null
      const index = share.index + next * share.stride
      next += 1
      running += 1
      const iteration = node.beginIteration(index)
      const nodes = statusNodes(loop.activities)
      iteration.show(nodes)
      const result = await runScope(run, loop.activities, frame.iteration(index, item), nodes)
      running -= 1
      onEnd?.()
      node.endIteration(iteration, result.status === 'Failed')
      if (result.status === 'Cancelled') return
      tally = addTallies(tally, {
        done: 1,
        failed: result.status === 'Failed' ? 1 : 0,
        culprits: result.culprits.slice(0, 1).map((culprit) => ({ ...culprit, index })),
      })
      await run.records.room()
    }
  }
  await Promise.all(Array.from({ length: Math.min(share.window, items.length - from) }, lane))
  return { next, tally }
}

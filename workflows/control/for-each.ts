import { CancelledFailure } from '@temporalio/workflow'
import type { JsonValue } from '../../adf/json.ts'
import { requireArray } from '../../engine/branch.ts'
import { estimatedEvents, historyLimits } from '../../engine/events.ts'
import { containerError } from '../../engine/failure.ts'
import { itemsOf, laneShares } from '../../engine/lanes.ts'
import { ActivityFailed } from '../activity-failure.ts'
import type { Run, Try } from '../run.ts'
import { evaluateIn } from '../evaluation.ts'
import type { ForEach, IterationTally } from '../iterations.ts'
import { addTallies, emptyTally, runIterations } from '../iterations.ts'
import { laneTask, runLane } from '../lane-start.ts'

/**
 * Runs inside its workflow where the history has room for all items, else in lanes: child workflows that share
 * the items and the `batchCount`. Ends Failed when any iteration failed, after all have ended.
 */
export async function runForEach(loop: ForEach, attempt: Try): Promise<JsonValue> {
  const { run, frame, node } = attempt
  const items = requireArray(evaluateIn(run, frame, loop.items), 'items')
  attempt.input = { itemsCount: items.length }
  node.iterations = { total: items.length, done: 0, failed: 0, running: 0 }
  const window = loop.isSequential ? 1 : loop.batchCount
  const inline = await runInline(loop, attempt, items, window)
  let tally = inline.tally
  throwIfCancelled(run)
  if (inline.next < items.length) {
    const lanes = await runLanes(loop, attempt, items.slice(inline.next), inline.next, window)
    tally = addTallies(tally, lanes)
  }
  throwIfCancelled(run)
  const { done, failed, culprits } = tally
  node.iterations = { total: items.length, done, failed, running: 0 }
  if (failed > 0) throw new ActivityFailed(containerError(loop.name, culprits))
  return {}
}

/** Runs what the history has room for; the room is reserved, so that another loop beside this one does not count on it too. */
async function runInline(
  loop: ForEach,
  attempt: Try,
  items: readonly JsonValue[],
  window: number,
): Promise<{ next: number; tally: IterationTally }> {
  const { run, frame, node } = attempt
  const cost = estimatedEvents(loop.activities)
  if (run.events.expected + items.length * cost > historyLimits.inline) return { next: 0, tally: emptyTally }
  let reserved = items.length * cost
  run.events.reserve(reserved)
  const result = await runIterations(run, loop, items, frame, node, {
    share: { index: 0, stride: 1, window },
    from: 0,
    enough: () => run.events.used > historyLimits.handOver,
    onEnd: () => {
      reserved -= cost
      run.events.release(cost)
    },
  })
  run.events.release(reserved)
  return result
}

/** Variables are set in the order of the lanes: a sequential loop has one lane, a parallel one promises no order. */
async function runLanes(
  loop: ForEach,
  attempt: Try,
  items: readonly JsonValue[],
  offset: number,
  window: number,
): Promise<IterationTally> {
  const { run, frame, node } = attempt
  const task = laneTask(run, loop, frame)
  const results = await Promise.all(
    laneShares(window, items.length).map((share) =>
      runLane(run, node, task, itemsOf(items, share), { ...share, index: share.index + offset }),
    ),
  )
  for (const operation of results.flatMap((result) => result.operations)) run.variables.apply(operation)
  return results.map((result) => result.tally).reduce(addTallies)
}

function throwIfCancelled(run: Run): void {
  if (run.shell.cancelled()) throw new CancelledFailure('The activity was cancelled')
}

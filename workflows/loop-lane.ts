import { continueAsNew, CancelledFailure, CancellationScope } from '@temporalio/workflow'
import type { JsonValue } from '../adf/json.ts'
import { historyLimits, passEvents } from '../engine/events.ts'
import { addTallies, runIterations } from './iterations.ts'
import { answer, laneFrame, laneRun } from './lane-run.ts'
import type { LaneResult, LaneState, LaneTask, LaneWorkflow } from './lane-start.ts'
import type { RoundsResult } from './rounds.ts'
import { runRounds } from './rounds.ts'
import { now } from './run.ts'
import { StatusNode } from './status-node.ts'

/**
 * A share of a big loop. When its history is full it starts nothing more, lets what is in flight end, and continues as new
 * from where it was: its history stays small however many items there are.
 */
export async function loopLane(task: LaneTask, items: JsonValue[], state: LaneState): Promise<LaneResult> {
  const run = laneRun(task, state)
  const { loop } = task
  const frame = laneFrame(task)
  const node = new StatusNode(loop.name, loop.type)
  node.begin(0, now())
  answer(run, node)

  const pass = passEvents(loop.activities)
  /** Whether one pass more, beside those that run, might make the history too long. */
  const full = (running: number): boolean =>
    run.events.expected + (running + 1) * pass > historyLimits.continueAsNew
  let { tally, next } = state
  let rounds: RoundsResult | null = null
  try {
    if (loop.type === 'ForEach') {
      node.iterations = { total: items.length, done: tally.done, failed: tally.failed, running: 0 }
      const part = await runIterations(run, loop, items, frame, node, {
        share: state.share,
        from: next,
        // The first one starts in any case, or a lane might continue as new for ever.
        enough: (running, started) => started > 0 && full(running),
      })
      next = part.next
      tally = addTallies(tally, part.tally)
    } else {
      rounds = await runRounds(run, loop, next, state.deadline, frame, node, () => full(0))
      next = rounds.rounds
    }
  } finally {
    await run.records.close()
  }
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The loop was cancelled')
  const operations = [...state.operations, ...run.variables.operations]
  const ended = frame.own()
  const more = rounds === null ? next < items.length : rounds.end === 'More'
  if (!more) return { tally, operations, ended, rounds }
  return continueAsNew<LaneWorkflow>(task, items, {
    ...state,
    next,
    paused: run.pauses.paused,
    variables: run.variables.values(),
    operations,
    tally,
    ended,
  })
}

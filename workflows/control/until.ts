import type { JsonValue } from '../../adf/json.ts'
import { historyLimits, passEvents } from '../../engine/events.ts'
import { userError } from '../../engine/failure.ts'
import { ActivityFailed } from '../activity-failure.ts'
import type { Try } from '../run.ts'
import { laneTask, runLane } from '../lane-start.ts'
import type { RoundsResult, Until } from '../rounds.ts'
import { runRounds } from '../rounds.ts'
import { finishContainer } from './container.ts'

/** Rounds run inside the workflow until its history is full, then in one lane that continues as new as often as it takes. */
export async function runUntil(loop: Until, attempt: Try): Promise<JsonValue> {
  const { run, frame, node } = attempt
  const deadline = run.environment.now() + loop.timeoutMs
  const pass = passEvents(loop.activities)
  const full = (): boolean => run.events.expected + pass > historyLimits.handOver
  const inline = await runRounds(run, loop, 0, deadline, frame, node, full)
  const result = inline.end === 'More' ? await runLaneOf(loop, attempt, inline.rounds, deadline) : inline
  if (result.end === 'TimedOut') {
    const message = `The condition did not hold within the timeout of ${loop.timeoutMs / 1000} s, after ${result.rounds} rounds`
    throw new ActivityFailed(userError(loop.name, 'ActivityTimeout', message), 'TimedOut')
  }
  finishContainer(loop.name, result.last)
  return {}
}

async function runLaneOf(loop: Until, attempt: Try, rounds: number, deadline: number): Promise<RoundsResult> {
  const { run, frame, node } = attempt
  const share = { index: rounds, stride: 1, window: 1 }
  const result = await runLane(run, node, laneTask(run, loop, frame), [], share, deadline)
  for (const operation of result.operations) run.variables.apply(operation)
  for (const [name, ended] of Object.entries(result.ended)) frame.end(name, ended)
  return result.rounds ?? { rounds, end: 'TimedOut', last: { status: 'Succeeded', culprits: [] } }
}

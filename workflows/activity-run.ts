import { isCancellation } from '@temporalio/workflow'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import type { ActivityError, ActivityRunStatus } from '../adf/run/run.ts'
import { historyLimits } from '../engine/events.ts'
import { userError } from '../engine/failure.ts'
import type { SettledStatus } from '../engine/settlement.ts'
import { failureOf } from './activity-failure.ts'
import { evaluateIn } from './evaluation.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import type { Frame } from './frame.ts'
import type { Run, Try } from './run.ts'
import { nowIn } from './run.ts'
import type { StatusNode } from './status-node.ts'
import { runTriesInLane } from './try-lane-start.ts'

const notRun = { output: null, start: null, end: null, activityRunId: null } as const

/** How a lane of tries differs from an activity's own workflow: where it begins, and what it does when its history is full. */
export interface Tries {
  readonly from: number
  readonly handOver: (next: number, last: EndedActivity) => EndedActivity
}

/**
 * Takes an activity from "its dependencies have ended" to its settlement: skipped, inactive, or run with ADF's retries.
 * Every try is a row of the run records. Never rejects but for faults of the engine.
 */
export async function runActivity(
  run: Run,
  activity: PlannedActivity,
  frame: Frame,
  node: StatusNode,
  due: boolean,
  tries: Tries | null = null,
): Promise<EndedActivity> {
  if (run.shell.cancelled()) return { ...notRun, status: 'Cancelled', error: null }
  if (!due) return settleUnrun(run, activity, frame, node, 'Skipped', 'Skipped')
  if (activity.inactiveAs !== null)
    return settleUnrun(run, activity, frame, node, 'Inactive', activity.inactiveAs)
  const { retry, retryIntervalMs } = activity.policy
  for (let retryAttempt = tries?.from ?? 0; ; retryAttempt += 1) {
    const { settlement, again } = await runTry(run, activity, frame, node, retryAttempt)
    if (!again || retryAttempt >= retry) return settlement
    try {
      if (retryIntervalMs > 0) await run.shell.sleep(retryIntervalMs, `${activity.name}: next try`)
      if (run.events.used <= (tries === null ? historyLimits.tries : historyLimits.triesInLane)) continue
      if (tries !== null) return tries.handOver(retryAttempt + 1, settlement)
      return await runTriesInLane(run, activity, frame, node, retryAttempt + 1)
    } catch (error) {
      if (!isCancellation(error)) throw error
      return { ...settlement, status: 'Cancelled' }
    }
  }
}

async function runTry(
  run: Run,
  activity: PlannedActivity,
  frame: Frame,
  node: StatusNode,
  retryAttempt: number,
): Promise<{ settlement: EndedActivity; again: boolean }> {
  const attempt: Try = { run, frame, node, retryAttempt, input: null }
  let start = nowIn(run)
  try {
    if (run.pauses.paused) await run.pauses.open()
    start = nowIn(run)
    node.begin(retryAttempt, start)
    const output = await run.runOnce(activity, attempt)
    return { settlement: end(activity, attempt, start, 'Succeeded', output, null), again: false }
  } catch (thrown) {
    const { status, error, final } = failureOf(thrown, activity.name)
    return { settlement: end(activity, attempt, start, status, null, error), again: !final }
  }
}

function settleUnrun(
  run: Run,
  activity: PlannedActivity,
  frame: Frame,
  node: StatusNode,
  shown: 'Skipped' | 'Inactive',
  status: SettledStatus,
): EndedActivity {
  const error =
    status === 'Failed'
      ? userError(activity.name, 'Inactive', 'The activity is inactive and marked as Failed')
      : null
  const attempt: Try = { run, frame, node, retryAttempt: 0, input: null }
  const time = nowIn(run)
  node.start = time
  return { ...end(activity, attempt, time, shown, null, error), status, output: null }
}

function end(
  activity: PlannedActivity,
  attempt: Try,
  start: string,
  status: ActivityRunStatus,
  output: JsonValue,
  error: ActivityError | null,
): EndedActivity {
  const { run, frame, node } = attempt
  const { secureInput, secureOutput } = activity.policy
  const activityRunId = run.environment.guid()
  const ended = nowIn(run)
  node.finish(status, ended, error)
  run.records.add({
    activityRunId,
    runId: run.context.runId,
    pipeline: run.pipeline.name,
    activity: activity.name,
    type: activity.type,
    iterationPath: frame.iterationPath,
    retryAttempt: attempt.retryAttempt,
    status,
    start,
    end: ended,
    input: secureInput ? null : attempt.input,
    output: secureOutput ? null : output,
    error,
    userProperties: status === 'Skipped' || status === 'Inactive' ? {} : userPropertiesOf(activity, attempt),
  })
  const settled = status === 'Succeeded' || status === 'Cancelled' || status === 'Skipped' ? status : 'Failed'
  return { status: settled, output, error, start, end: ended, activityRunId }
}

/** Evaluated where that is possible: a user property must not fail an activity, nor name what never ran. */
function userPropertiesOf(activity: PlannedActivity, attempt: Try): JsonObject {
  const values = activity.userProperties.map(({ name, value }) => {
    try {
      return [name, evaluateIn(attempt.run, attempt.frame, value)] as const
    } catch (error) {
      return [name, `(not evaluated: ${failureOf(error, activity.name).error.message})`] as const
    }
  })
  return Object.fromEntries(values)
}

import { scheduleActivity } from '@temporalio/workflow'
import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity } from '../../adf/plan/plan.ts'
import type { ValidationInput } from '../../activities/validation.ts'
import type { Try } from '../run.ts'
import { evaluateIn, evaluateObject } from '../evaluation.ts'
import { resolveDataset } from '../references.ts'
import { activityIdOf, heartbeatTimeout } from '../work.ts'

type Validation = Extract<ControlActivity, { type: 'Validation' }>

/**
 * Polls through Temporal's own retry of one activity: however often it looks, the history holds three events. Its timeout is the
 * activity's schedule-to-close, its `sleep` the fixed interval between two looks.
 */
export async function runValidation(activity: Validation, attempt: Try): Promise<JsonValue> {
  const { run, frame, node } = attempt
  const reference = {
    referenceName: activity.dataset.referenceName,
    parameters: evaluateObject(run, frame, activity.dataset.parameters),
  }
  const input: ValidationInput = {
    dataset: resolveDataset(run.plan, reference, run.environment),
    minimumSize: evaluateIn(run, frame, activity.minimumSize),
    childItems: activity.childItems,
  }
  attempt.input = { dataset: reference.referenceName, ...input.dataset.typeProperties }
  const activityId = activityIdOf(activity.name, attempt)
  node.activityId = activityId
  return run.slots.hold(() =>
    scheduleActivity<JsonValue>('Validation', [input], {
      activityId,
      summary: activity.name,
      scheduleToCloseTimeout: activity.timeoutMs,
      startToCloseTimeout: Math.min(activity.timeoutMs, 60_000),
      heartbeatTimeout,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      retry: {
        initialInterval: Math.max(activity.sleepMs, 100),
        maximumInterval: Math.max(activity.sleepMs, 100),
        backoffCoefficient: 1,
      },
    }),
  )
}

import { ActivityFailure, ApplicationFailure, scheduleActivity, TimeoutFailure } from '@temporalio/workflow'
import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity } from '../../adf/plan/plan.ts'
import type { ActivityError } from '../../adf/run/run.ts'
import { userError } from '../../engine/failure.ts'
import { ActivityFailed } from '../activity-failure.ts'
import type { ValidationInput } from '../../activities/validation.ts'
import type { Try } from '../run.ts'
import { evaluateIn, evaluateObject } from '../evaluation.ts'
import { resolveDataset } from '../references.ts'
import { queueOfDataset } from '../task-queue.ts'
import { activityIdOf, heartbeatTimeout } from '../work.ts'

type Validation = Extract<ControlActivity, { type: 'Validation' }>

/**
 * Polls through Temporal's own retry of one activity: however often it looks, the history holds three events. Its timeout is the
 * activity's schedule-to-close, its `sleep` the fixed interval between two looks.
 */
export async function runValidation(activity: Validation, attempt: Try): Promise<JsonValue> {
  const { run, node } = attempt
  const input = validationInput(activity, attempt)
  const activityId = activityIdOf(activity.name, attempt)
  node.activityId = activityId
  const looks = run.slots.hold(() =>
    scheduleActivity<JsonValue>('Validation', [input], {
      activityId,
      summary: activity.name,
      scheduleToCloseTimeout: activity.timeoutMs,
      startToCloseTimeout: Math.min(activity.timeoutMs, 60_000),
      heartbeatTimeout,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      ...queueOfDataset(run.plan, input.dataset),
      retry: {
        initialInterval: Math.max(activity.sleepMs, 100),
        maximumInterval: Math.max(activity.sleepMs, 100),
        backoffCoefficient: 1,
      },
    }),
  )
  try {
    return await looks
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !neverValid(error.cause)) throw error
    throw neverThere(activity, input)
  }
}

/** What to look for, everything evaluated; also the record's input. */
export function validationInput(activity: Validation, attempt: Try): ValidationInput {
  const { run, frame } = attempt
  const reference = {
    referenceName: activity.dataset.referenceName,
    parameters: evaluateObject(run, frame, activity.dataset.parameters),
  }
  const dataset = resolveDataset(run.plan, reference, run.environment)
  attempt.input = { dataset: reference.referenceName, ...dataset.typeProperties }
  return {
    dataset,
    minimumSize: evaluateIn(run, frame, activity.minimumSize),
    childItems: activity.childItems,
  }
}

/** Either the time ended while it waited for the next look, or the next look would have come too late. */
function neverValid(cause: Error | undefined): boolean {
  return (
    cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.type === 'NotYetValid')
  )
}

/** How a Validation ends whose time is over. */
export function neverThere(activity: Validation, input: ValidationInput): ActivityFailed {
  return new ActivityFailed(timeout(activity, input), 'TimedOut')
}

function timeout(activity: Validation, input: ValidationInput): ActivityError {
  const { name, typeProperties } = input.dataset
  const wanted = {
    ...(input.minimumSize === 0 ? {} : { minimumSize: input.minimumSize }),
    ...(input.childItems === null ? {} : { childItems: input.childItems }),
  }
  const message =
    `Dataset '${name}' was not there as asked within the timeout of ${activity.timeoutMs / 1000} s: ` +
    `${JSON.stringify(typeProperties['location'] ?? typeProperties)}, wanted ${JSON.stringify(wanted)}`
  return userError(activity.name, 'ActivityTimeout', message)
}

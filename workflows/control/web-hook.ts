import { scheduleActivity } from '@temporalio/workflow'
import { DefinitionError } from '../../adf/errors.ts'
import type { JsonValue } from '../../adf/json.ts'
import type { WorkActivity } from '../../adf/plan/plan.ts'
import { durationForms, parseDuration } from '../../adf/resource/duration.ts'
import { readCallback } from '../../engine/callback.ts'
import { userError } from '../../engine/failure.ts'
import { withoutSecureStrings } from '../../engine/hidden-secrets.ts'
import { ActivityFailed } from '../activity-failure.ts'
import { callbacksOf } from '../callbacks.ts'
import type { Try } from '../run.ts'
import { queueOption } from '../task-queue.ts'
import { activityIdOf, invocationOf, workOptions } from '../work.ts'

const defaultTimeoutMs = 10 * 60_000

/**
 * Calls, then waits for the callback in the workflow: no worker is held, and the wait outlives every process. A call that is repeated
 * after a crash carries the same callback address.
 */
export async function runWebHook(activity: WorkActivity, attempt: Try): Promise<JsonValue> {
  const { run, node } = attempt
  const invocation = invocationOf(activity, attempt)
  attempt.input = withoutSecureStrings(invocation.typeProperties)
  const { timeout, reportStatusOnCallBack } = invocation.typeProperties
  const timeoutMs = timeoutOf(activity, timeout)
  const callbacks = callbacksOf(run)
  const place = callbacks.expect()
  try {
    const activityId = activityIdOf(activity.name, attempt)
    node.activityId = activityId
    await run.slots.hold(() =>
      scheduleActivity<JsonValue>(activity.type, [{ ...invocation, callback: place }], {
        ...workOptions(activity, activityId),
        ...queueOption(run.plan, invocation),
      }),
    )
    node.activityId = null
    const body = await callbacks.answer(place, timeoutMs)
    if (body === undefined) throw timedOut(activity, timeoutMs)
    const read = readCallback(body, reportStatusOnCallBack === true || reportStatusOnCallBack === 'true')
    if ('output' in read) return read.output
    const { errorCode, message } = read.failure
    throw new ActivityFailed(userError(activity.name, errorCode, message))
  } finally {
    callbacks.forget(place)
  }
}

function timedOut(activity: WorkActivity, timeoutMs: number): ActivityFailed {
  const message = `No callback came within the timeout of ${timeoutMs / 1000} s (typeProperties.timeout)`
  return new ActivityFailed(userError(activity.name, 'WebHookTimeout', message), 'TimedOut')
}

function timeoutOf(activity: WorkActivity, timeout: JsonValue | undefined): number {
  if (timeout === undefined) return defaultTimeoutMs
  const milliseconds = typeof timeout === 'string' ? parseDuration(timeout) : null
  if (milliseconds !== null) return milliseconds
  throw new DefinitionError(
    `activity "${activity.name}" has timeout ${JSON.stringify(timeout)}; it must be a duration: ${durationForms}`,
  )
}

import { ActivityFailure, ApplicationFailure, RetryState } from '@temporalio/common'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import type { ActivityError } from '../adf/run/run.ts'
import type { Shell } from '../workflows/shell.ts'

/** What a test says an activity ends as, in place of doing it. */
export type Stub = {
  /** Of the virtual clock. */
  readonly takesMs: number
} & (
  | { readonly kind: 'output'; readonly output: JsonValue }
  | { readonly kind: 'error'; readonly error: Pick<ActivityError, 'errorCode' | 'message' | 'failureType'> }
)

/** By lower-case name of an activity, of one iteration or one try; `*` stands for every work activity without a stub. */
export type Stubs = ReadonlyMap<string, Stub>

/** A work activity ran that the test says nothing about. */
export class UnstubbedError extends Error {
  override readonly name = 'UnstubbedError'
  readonly activity: string

  constructor(activity: string, type: string) {
    super(
      `${activity} (${type}) ran and has no stub; say under stubs what it ends as, ${JSON.stringify(activity)}: { output: {…} } or ` +
        `{ error: '…' }, or ${JSON.stringify(activity)}: default output for an empty one`,
    )
    this.activity = activity
  }
}

/** Ends as the stub says, after the time that it says, or as timed out. */
export async function playStub(
  stub: Stub,
  activity: PlannedActivity,
  shell: Shell,
  timeoutMs: number = activity.policy.timeoutMs,
): Promise<JsonValue> {
  await shell.sleep(Math.min(stub.takesMs, timeoutMs), activity.name)
  if (stub.takesMs > timeoutMs) {
    const message = `The activity did not end within its timeout of ${timeoutMs / 1000} s (policy.timeout)`
    throw failed(activity, { errorCode: 'ActivityTimeout', message, failureType: 'UserError' })
  }
  if (stub.kind === 'error') throw failed(activity, stub.error)
  return stub.output
}

/** As a failure of a worker's activity arrives in a workflow. */
function failed(
  activity: PlannedActivity,
  error: Pick<ActivityError, 'errorCode' | 'message' | 'failureType'>,
): ActivityFailure {
  const details: JsonObject = { ...error }
  const cause = ApplicationFailure.create({
    type: error.errorCode,
    message: error.message,
    nonRetryable: true,
    details: [details],
  })
  return new ActivityFailure(
    'Activity task failed',
    activity.type,
    activity.name,
    RetryState.NON_RETRYABLE_FAILURE,
    undefined,
    cause,
  )
}

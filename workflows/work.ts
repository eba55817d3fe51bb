import { type ActivityOptions, scheduleActivity } from '@temporalio/workflow'
import type { JsonValue } from '../adf/json.ts'
import type { DatasetReference, LinkedServiceReference, WorkActivity } from '../adf/plan/plan.ts'
import type { ActivityInvocation, ResolvedDataset, ResolvedLinkedService } from '../adf/run/run.ts'
import type { Try } from './run.ts'
import { withoutSecureStrings } from '../engine/hidden-secrets.ts'
import { evaluateObject } from './evaluation.ts'
import { resolveDataset, resolveLinkedService, resolveReferencesIn } from './references.ts'
import { queueOption } from './task-queue.ts'

/** A worker that has not been heard of for this long is taken for dead: the attempt is repeated elsewhere. */
export const heartbeatTimeout = '10 seconds'
/** The worker enforces the policy's timeout; the server steps in later, where the worker could not. */
const timeoutMarginMs = 60_000

/** Stable and readable: finds a running attempt's heartbeat among the workflow's pending activities. */
export function activityIdOf(name: string, attempt: Try): string {
  const { frame, retryAttempt } = attempt
  return `${name}[${frame.iterationPath}]#${retryAttempt}`
}

/**
 * One try of a work activity: one Temporal activity of its type. Temporal repeats it for as long as it takes when a worker dies;
 * whatever the activity itself throws arrives as final, since ADF's retries are counted by the caller.
 */
export function runWork(activity: WorkActivity, attempt: Try): Promise<JsonValue> {
  const { run, node } = attempt
  const invocation = invocationOf(activity, attempt)
  attempt.input = withoutSecureStrings(invocation.typeProperties)
  const activityId = activityIdOf(activity.name, attempt)
  return run.slots.hold(() => {
    node.activityId = activityId
    return scheduleActivity<JsonValue>(activity.type, [invocation], {
      ...workOptions(activity, activityId),
      ...queueOption(run.plan, invocation),
    })
  })
}

export function workOptions(activity: WorkActivity, activityId: string): ActivityOptions {
  return {
    activityId,
    summary: activity.name,
    startToCloseTimeout: activity.policy.timeoutMs + timeoutMarginMs,
    heartbeatTimeout,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  }
}

/** What a try hands to its activity: everything evaluated, every reference resolved. */
export function invocationOf(activity: WorkActivity, attempt: Try): ActivityInvocation {
  const { run, frame, retryAttempt } = attempt
  const typeProperties = evaluateObject(run, frame, activity.typeProperties)
  const dataset = (reference: DatasetReference): ResolvedDataset =>
    resolveDataset(run.plan, evaluated(attempt, reference), run.environment)
  const service = (reference: LinkedServiceReference): ResolvedLinkedService =>
    resolveLinkedService(run.plan, evaluated(attempt, reference), run.environment)
  return {
    name: activity.name,
    type: activity.type,
    typeProperties,
    ...resolveReferencesIn(run.plan, typeProperties, run.environment),
    inputs: activity.inputs.map(dataset),
    outputs: activity.outputs.map(dataset),
    linkedService: activity.linkedService === null ? null : service(activity.linkedService),
    run: run.context,
    iterationPath: frame.iterationPath,
    retryAttempt,
    timeoutMs: activity.policy.timeoutMs,
    secureInput: activity.policy.secureInput,
    secureOutput: activity.policy.secureOutput,
    resources: run.plan.resources,
  }
}

function evaluated(attempt: Try, reference: DatasetReference): DatasetReference {
  return { ...reference, parameters: evaluateObject(attempt.run, attempt.frame, reference.parameters) }
}

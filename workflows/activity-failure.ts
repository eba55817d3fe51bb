import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow'
import type { ActivityError } from '../adf/run/run.ts'
import { userError } from '../engine/failure.ts'

/** How one try of an activity failed. */
export interface TryFailure {
  readonly status: 'Failed' | 'TimedOut' | 'Cancelled'
  readonly error: ActivityError
  /** Trying again cannot help. */
  readonly final: boolean
}

/** Thrown by control activities that fail with an error of their own making (Fail, a container's inner failure, a loop's timeout). */
export class ActivityFailed extends Error {
  override readonly name = 'ActivityFailed'
  readonly error: ActivityError
  readonly status: 'Failed' | 'TimedOut'

  constructor(error: ActivityError, status: 'Failed' | 'TimedOut' = 'Failed') {
    super(error.message)
    this.error = error
    this.status = status
  }
}

const finalTypes = ['DefinitionError', 'DataError']

/** Type of the failure of a work activity that ran into its policy's timeout. */
const timeoutType = 'ActivityTimeout'

/**
 * Reads a thrown error by its Temporal type, never by its class behind the server. What is none of the known kinds is a
 * fault of the engine: thrown again, so that the workflow task fails, is seen, and goes on once the fault is mended.
 */
export function failureOf(thrown: unknown, target: string): TryFailure {
  if (thrown instanceof ActivityFailed) return { status: thrown.status, error: thrown.error, final: true }
  if (isCancellation(thrown)) {
    return {
      status: 'Cancelled',
      error: userError(target, 'Cancelled', 'The activity was cancelled'),
      final: true,
    }
  }
  if (thrown instanceof ActivityFailure || thrown instanceof ChildWorkflowFailure)
    return ofCause(thrown.cause, thrown.message, target)
  if (thrown instanceof Error && finalTypes.includes(thrown.name))
    return { status: 'Failed', error: userError(target, thrown.name, thrown.message), final: true }
  throw thrown
}

function ofCause(cause: Error | undefined, message: string, target: string): TryFailure {
  if (cause instanceof TimeoutFailure) {
    const text = 'The activity did not end within its timeout'
    return { status: 'TimedOut', error: userError(target, timeoutType, text), final: false }
  }
  if (!(cause instanceof ApplicationFailure)) {
    const error: ActivityError = {
      errorCode: cause?.name ?? 'SystemError',
      message: cause?.message ?? message,
      failureType: 'SystemError',
      target,
      details: [],
    }
    return { status: 'Failed', error, final: false }
  }
  const type = cause.type ?? 'Error'
  const final = finalTypes.includes(type)
  const given: unknown = cause.details?.[0]
  const error: ActivityError = {
    errorCode: textAt(given, 'errorCode') ?? type,
    message: textAt(given, 'message') ?? cause.message,
    failureType: textAt(given, 'failureType') === 'UserError' || final ? 'UserError' : 'SystemError',
    target,
    details: [],
  }
  return { status: type === timeoutType ? 'TimedOut' : 'Failed', error, final }
}

function textAt(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'string' ? found : null
}

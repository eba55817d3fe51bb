import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityHeartbeat, ActivityProgress } from '../adf/run/status.ts'
import type { ActivityContext } from './activity.ts'

const heartbeatIntervalMs = 3_000
/** What ends sooner costs the server no heartbeat. */
const firstHeartbeatMs = 500
/** Node's timers fire at once beyond this, 24 days. */
const longestTimerMs = 2 ** 31 - 1
/** What ignores its signal is given up this long after it was aborted. */
const abortGraceMs = 20_000

/** Errors that trying again cannot mend; a schema that does not hold is a wrong definition. */
const finalNames = ['DefinitionError', 'DataError', 'ZodError']

/**
 * Runs one attempt of an activity: heartbeats with its latest progress and cursor, aborts it on cancel, timeout and worker
 * shutdown, and turns what it throws into a failure whose `type` is the error's name. Such failures are final for Temporal: ADF's
 * retries are counted in the workflow. Only a worker's end lets Temporal repeat the attempt.
 */
export async function runAttempt<O extends JsonValue | void>(
  timeoutMs: number,
  work: (context: ActivityContext) => Promise<O>,
): Promise<O> {
  const activity = Context.current()
  const heartbeats = new Heartbeats(activity)
  const controller = new AbortController()
  const abortWith = (reason: unknown): void => controller.abort(reason)
  const timer = setTimeout(() => abortWith(timedOut(timeoutMs)), Math.min(timeoutMs, longestTimerMs))
  const onCancel = (): void => abortWith(activity.cancellationSignal.reason)
  if (activity.cancellationSignal.aborted) onCancel()
  else activity.cancellationSignal.addEventListener('abort', onCancel, { once: true })
  const grace = new Grace(controller.signal)
  try {
    return await Promise.race([work(heartbeats.contextWith(controller.signal)), grace.over])
  } catch (error) {
    const failure = failureOf(error, controller.signal)
    // What it began beside what failed ends too.
    controller.abort()
    throw failure
  } finally {
    clearTimeout(timer)
    activity.cancellationSignal.removeEventListener('abort', onCancel)
    heartbeats.stop()
    grace.stop()
  }
}

/** The time that aborted work has to end by itself. */
class Grace {
  readonly #signal: AbortSignal
  readonly #onAbort: () => void
  #timer: NodeJS.Timeout | undefined
  /** Rejects some time after the signal is aborted, unless stopped. Never resolves. */
  readonly over: Promise<never>

  constructor(signal: AbortSignal) {
    this.#signal = signal
    const { promise, reject } = Promise.withResolvers<never>()
    this.over = promise
    this.#onAbort = () => {
      this.#timer = setTimeout(() => reject(signal.reason), abortGraceMs).unref()
    }
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** A timer left behind would hold all that the attempt had in memory. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

class Heartbeats {
  readonly #activity: Context
  readonly #before: ActivityHeartbeat | null
  readonly #first: NodeJS.Timeout
  readonly #timer: NodeJS.Timeout
  #progress: ActivityProgress | null
  #cursor: JsonValue

  constructor(activity: Context) {
    this.#activity = activity
    this.#before = readHeartbeat(activity.info.heartbeatDetails)
    this.#progress = this.#before?.progress ?? null
    this.#cursor = this.#before?.cursor ?? null
    this.#timer = setInterval(() => this.#beat(), heartbeatIntervalMs)
    this.#first = setTimeout(() => this.#beat(), firstHeartbeatMs)
    // Keeps the cursor of the attempt before, should this one die early too.
    if (this.#before !== null) this.#beat()
  }

  contextWith(signal: AbortSignal): ActivityContext {
    return {
      signal,
      attempt: this.#activity.info.attempt,
      cursor: this.#before?.cursor ?? null,
      progress: (progress) => {
        const before = this.#progress ?? { done: 0, total: null, unit: '', bytes: 0, rows: 0 }
        this.#progress = { ...before, ...progress }
        this.#beat()
      },
      checkpoint: (cursor) => {
        this.#cursor = cursor
        this.#beat()
      },
    }
  }

  stop(): void {
    clearTimeout(this.#first)
    clearInterval(this.#timer)
  }

  /** Cheap: the SDK sends at most one in its throttle interval, always with the latest details. */
  #beat(): void {
    const details: ActivityHeartbeat = { progress: this.#progress, cursor: this.#cursor }
    this.#activity.heartbeat(details)
  }
}

function readHeartbeat(details: unknown): ActivityHeartbeat | null {
  if (typeof details !== 'object' || details === null || !('cursor' in details) || !('progress' in details))
    return null
  // Written by this file's own `#beat`.
  return details as ActivityHeartbeat
}

function timedOut(timeoutMs: number): ApplicationFailure {
  const message = `The activity did not end within its timeout of ${timeoutMs / 1000} s (policy.timeout)`
  return ApplicationFailure.create({
    type: 'ActivityTimeout',
    message,
    nonRetryable: true,
    details: [{ errorCode: 'ActivityTimeout', message, failureType: 'UserError' }],
  })
}

function failureOf(error: unknown, signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  if (signal.aborted && reason instanceof CancelledFailure) {
    if (reason.message !== 'WORKER_SHUTDOWN') return reason
    return ApplicationFailure.create({ type: 'WorkerShutdown', message: 'The worker is shutting down' })
  }
  if (signal.aborted && reason instanceof ApplicationFailure) return reason
  if (error instanceof ApplicationFailure) return error
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const type = name === 'ZodError' ? 'DefinitionError' : name
  const details: JsonObject = {
    errorCode: codeOf(error) ?? type,
    message,
    failureType: finalNames.includes(name) ? 'UserError' : 'SystemError',
  }
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    details: [details],
    cause: error instanceof Error ? error : undefined,
  })
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

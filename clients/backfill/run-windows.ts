import type { Client } from '@temporalio/client'
import type { JsonObject } from '../../adf/json.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type { RunTrigger } from '../../adf/run/run.ts'
import { RunUnderWayError, startRun } from '../start/start-run.ts'
import { timeOf, type Window } from './windows.ts'

export interface Backfill {
  readonly client: Client
  readonly plan: Plan
  /** Those of a window's run. Strings may hold expressions over `@trigger()`. */
  readonly parameters: (window: Window) => JsonObject
  readonly taskQueue: string
  readonly chain: boolean
  /** Most runs at once, those included that were under way already. */
  readonly concurrency: number
  /** Whether the window's batch has succeeded before and is left out. */
  readonly isDone: (window: Window) => Promise<boolean>
  /** Told as windows end, in the order in which they do. */
  readonly onEnd: (outcome: WindowOutcome) => void
  /** Starts nothing more once aborted; what runs goes on without an onlooker. */
  readonly signal: AbortSignal
}

export interface WindowOutcome {
  readonly window: Window
  readonly workflowId: string
  readonly status: 'Succeeded' | 'Skipped' | 'Failed' | 'Cancelled'
  /** Why it did not succeed; null when it did or was left out. */
  readonly message: string | null
  readonly durationMs: number
}

/**
 * Runs a pipeline once a window, oldest first. A run that is under way already, say from a backfill that was killed, is awaited
 * instead of started. One window's failure keeps no other from running. Gives the outcomes in the order of the windows; those of windows that
 * the signal came before are missing.
 */
export async function runWindows(windows: readonly Window[], backfill: Backfill): Promise<WindowOutcome[]> {
  const outcomes = new Map<Window, WindowOutcome>()
  const left = windows.values()
  const stop = new AbortController()
  const lane = async (): Promise<void> => {
    for (const window of left) {
      if (backfill.signal.aborted || stop.signal.aborted) return
      const outcome = await runWindow(window, backfill)
      if (outcome === null) return
      outcomes.set(window, outcome)
      backfill.onEnd(outcome)
    }
  }
  const lanes = Array.from({ length: Math.min(backfill.concurrency, windows.length) }, lane)
  try {
    await Promise.all(lanes)
  } catch (error) {
    // Without Temporal no lane gets any further.
    stop.abort()
    await Promise.allSettled(lanes)
    throw error
  }
  return windows.flatMap((window) => outcomes.get(window) ?? [])
}

/** Null: the signal came first. */
async function runWindow(window: Window, backfill: Backfill): Promise<WindowOutcome | null> {
  const { plan, client, signal } = backfill
  const workflowId = `${plan.pipeline}/${window.batch}`
  if (await backfill.isDone(window)) {
    return { window, workflowId, status: 'Skipped', message: null, durationMs: 0 }
  }
  const runId = await startOrJoin(window, backfill)
  const handle = client.workflow.getHandle(workflowId, runId)
  const ended = handle.result().then(
    () => null,
    (error: unknown) => innermost(error),
  )
  const result = await Promise.race([ended, aborted(signal)])
  if (result === 'aborted') return null
  const { status, startTime, closeTime } = await handle.describe()
  return {
    window,
    workflowId,
    status: statusOf(status.name),
    message: result,
    durationMs: (closeTime ?? startTime).getTime() - startTime.getTime(),
  }
}

/** The run id of the window's run; undefined: the one that is under way. */
async function startOrJoin(window: Window, backfill: Backfill): Promise<string | undefined> {
  const { client, plan, taskQueue, chain } = backfill
  try {
    const started = await startRun(client, {
      plan,
      parameters: backfill.parameters(window),
      batch: window.batch,
      trigger: triggerOf(window),
      taskQueue,
      chain,
    })
    return started.runId
  } catch (error) {
    if (error instanceof RunUnderWayError) return undefined
    throw error
  }
}

/** What a tumbling window gives a run in ADF; as a schedule's time, the window's start. */
function triggerOf(window: Window): RunTrigger {
  const [windowStartTime, windowEndTime] = [timeOf(window.start), timeOf(window.end)]
  return {
    type: 'Backfill',
    name: 'Backfill',
    id: windowStartTime,
    scheduledTime: windowStartTime,
    body: { outputs: { windowStartTime, windowEndTime } },
  }
}

function statusOf(name: string): WindowOutcome['status'] {
  if (name === 'COMPLETED') return 'Succeeded'
  return name === 'CANCELLED' || name === 'TERMINATED' ? 'Cancelled' : 'Failed'
}

/** Temporal's own wrappers only say that something failed. */
function innermost(error: unknown): string {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return inner instanceof Error ? inner.message : String(inner)
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
}

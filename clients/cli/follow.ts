import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Plan } from '../../adf/plan/plan.ts'
import type { RunStatus } from '../../adf/run/status.ts'
import { linkToRun, type Place } from './connect.ts'
import { durationText } from './quantity.ts'
import { readProgress, readStatus } from './read-status.ts'
import { changeLines, progressLines, statusTree } from './status-tree.ts'
import type { Terminal } from './terminal.ts'

/** How a run ended. */
export interface EndedRun {
  readonly pipeline: string
  readonly workflowId: string
  readonly runId: string
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled'
  /** Why it did not succeed; null when it did. */
  readonly message: string | null
  readonly durationMs: number
  readonly link: string | null
}

export interface FollowOptions {
  readonly client: Client
  readonly place: Place
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Chained runs are followed too. */
  readonly chain: Plan['chain']
  /** Told as soon as a run has ended. */
  readonly onEnd?: (run: EndedRun) => void
}

const liveEveryMs = 400
const plainEveryMs = 1000
/** Lines about how far running activities are, where nobody watches a live region. */
const progressEveryMs = 10_000

/**
 * Shows a run until its end, then the runs that it started by chaining, one after the other. Null: the signal came first; the runs
 * go on without an onlooker.
 */
export async function followRuns(
  first: { readonly workflowId: string; readonly runId: string },
  options: FollowOptions,
): Promise<EndedRun[] | null> {
  const ended: EndedRun[] = []
  const open = [first]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const run = await followRun(next, options)
    if (run === null) return null
    ended.push(run)
    options.onEnd?.(run)
    if (run.status === 'Succeeded') open.push(...(await chainedRuns(run, options)))
  }
  return ended
}

async function followRun(
  run: { readonly workflowId: string; readonly runId: string },
  options: FollowOptions,
): Promise<EndedRun | null> {
  const handle = options.client.workflow.getHandle(run.workflowId, run.runId)
  const stop = new AbortController()
  const outcome = handle.result().then(
    () => null,
    (error: unknown) => messageOf(error),
  )
  const interrupted = new Promise<'interrupted'>((resolve) => {
    if (options.signal.aborted) resolve('interrupted')
    options.signal.addEventListener('abort', () => resolve('interrupted'), { once: true })
  })
  const watching = watch(run, options, AbortSignal.any([stop.signal, options.signal]))
  const result = await Promise.race([outcome, interrupted])
  stop.abort()
  const last = await watching
  options.terminal.live([])
  if (result === 'interrupted') return null
  if (result !== null && options.terminal.isLive && last !== null)
    for (const line of statusTree(last, new Map(), new Date())) options.terminal.note(line)
  const { type, status, startTime, closeTime } = await handle.describe()
  return {
    pipeline: type,
    ...run,
    status: endedStatus(status.name),
    message: result === null ? null : result.text,
    durationMs: (closeTime ?? startTime).getTime() - startTime.getTime(),
    link: linkToRun(options.place, run.workflowId, run.runId),
  }
}

function endedStatus(name: string): EndedRun['status'] {
  if (name === 'COMPLETED') return 'Succeeded'
  return name === 'CANCELLED' || name === 'TERMINATED' ? 'Cancelled' : 'Failed'
}

/** The innermost reason says most: Temporal's own wrappers only say that something failed. */
function messageOf(error: unknown): { readonly text: string } {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return { text: inner instanceof Error ? inner.message : String(inner) }
}

/** Shows the run until the signal; gives what was shown last. */
async function watch(
  run: { readonly workflowId: string; readonly runId: string },
  { client, terminal }: FollowOptions,
  signal: AbortSignal,
): Promise<RunStatus | null> {
  let before: RunStatus | null = null
  let told = performance.now()
  const show = async () => {
    const [status, progress] = await Promise.all([
      readStatus(client, run.workflowId, run.runId),
      readProgress(client, run.workflowId, run.runId),
    ])
    const now = new Date()
    if (terminal.isLive) terminal.live(statusTree(status, progress, now))
    else {
      for (const line of changeLines(before, status)) terminal.note(line)
      if (performance.now() - told > progressEveryMs) {
        told = performance.now()
        for (const line of progressLines(status, progress, now)) terminal.note(line)
      }
    }
    before = status
  }
  const began = performance.now()
  let complained = false
  while (!signal.aborted) {
    await show().catch(() => {
      // A query needs a worker: one that is starting or busy answers later, and the run does not depend on it.
      if (complained || performance.now() - began < 15_000) return
      complained = true
      terminal.note(`No worker answers for ${run.workflowId} yet; is one running? See: headrace up`)
    })
    await sleep(terminal.isLive ? liveEveryMs : plainEveryMs, undefined, { signal }).catch(() => undefined)
  }
  await show().catch(() => undefined)
  return before
}

/**
 * What the run started by its ChainingTriggers: those are the last events of its history, which is exact at once, other than
 * Temporal's list of runs.
 */
async function chainedRuns(
  run: EndedRun,
  { client, place, chain }: FollowOptions,
): Promise<{ workflowId: string; runId: string }[]> {
  const pipelines = new Set(chain.filter((one) => one.upstream === run.pipeline).map((one) => one.pipeline))
  if (pipelines.size === 0) return []
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: place.namespace,
    execution: { workflowId: run.workflowId, runId: run.runId },
    maximumPageSize: 100,
  })
  const started = (history?.events ?? []).flatMap((event) => {
    const child = event.childWorkflowExecutionStartedEventAttributes
    const { workflowId, runId } = child?.workflowExecution ?? {}
    return workflowId != null && runId != null && pipelines.has(child?.workflowType?.name ?? '')
      ? [{ workflowId, runId }]
      : []
  })
  return started.reverse()
}

/** `bronze_ingest/2026…  Succeeded  4.2 s  http://…` */
export function endedLine(run: EndedRun): string {
  const facts = [
    run.workflowId,
    run.status,
    durationText(run.durationMs),
    ...(run.link === null ? [] : [run.link]),
  ]
  return [facts.join('  '), ...(run.message === null ? [] : [`  ${run.message}`])].join('\n')
}

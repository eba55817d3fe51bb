import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import type { ActivityStatus, RunStatus } from '../../adf/run/status.ts'
import type { FoundRun } from './find-run.ts'
import { livingPollers, milliseconds } from './pollers.ts'
import { durationText } from './quantity.ts'

/** Why a run does not go on at this moment, in sentences with what helps; none where it works or has ended. */
export async function waitsOf(
  client: Client,
  description: WorkflowExecutionDescription,
  tree: RunStatus,
  now: Date,
): Promise<string[]> {
  if (description.status.name !== 'RUNNING') return []
  const { workflowId, taskQueue } = description
  const { workflows, activities } = await livingPollers(client, taskQueue)
  const none = workflows.length === 0 || activities.length === 0
  return [
    ...(none ? [`no worker polls task queue ${taskQueue}; start one with: headrace up`] : []),
    ...(tree.paused ? [`paused; let it go on with: headrace resume ${workflowId}`] : []),
    ...pendingOf(description).flatMap((one) => pendingText(one, now)),
    ...(await timerTexts(client, description, now)),
  ]
}

/** What the server knows of a run that no worker answers for: what is in work, on top of what is recorded as ended. */
export function statusWithoutWorker(
  found: FoundRun,
  description: WorkflowExecutionDescription,
  recorded: RunStatus | null,
): RunStatus {
  const { pipeline, workflowId, runId, batch } = found
  const pending = pendingOf(description).map(activityOf)
  const names = new Set(pending.map((one) => one.name))
  const ended = (recorded?.activities ?? []).filter((one) => !names.has(one.name))
  return {
    pipeline,
    workflowId,
    runId,
    batch,
    status: 'InProgress',
    paused: false,
    start: found.start.toISOString(),
    end: null,
    message: null,
    activities: [...ended, ...pending],
  }
}

function activityOf(pending: Pending): ActivityStatus {
  return {
    name: nameOf(pending),
    type: pending.activityType?.name ?? '',
    status: pending.state === started ? 'InProgress' : 'Queued',
    retryAttempt: 0,
    start: new Date(milliseconds(pending.lastStartedTime ?? pending.scheduledTime)).toISOString(),
    end: null,
    error: null,
    activityId: pending.activityId ?? null,
    iterations: null,
    workflowIds: [],
    children: [],
  }
}

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number]

function pendingOf(description: WorkflowExecutionDescription): readonly Pending[] {
  return description.raw.pendingActivities ?? []
}

/** As the API numbers them: scheduled, started. */
const scheduled = 1
const started = 2

function pendingText(pending: Pending, now: Date): string[] {
  const attempt = pending.attempt ?? 1
  const name = nameOf(pending)
  const before = attempt > 1 ? `; the one before ended by: ${failureText(pending)}` : ''
  if (pending.state === scheduled) {
    const due = milliseconds(pending.scheduledTime) - now.getTime()
    const since = durationText(Math.max(0, -due))
    const when = due > 0 ? `starts in ${durationText(due)}` : `waits for a worker since ${since}`
    return [`${name}: attempt ${attempt} ${when}${before}`]
  }
  if (pending.state === started && attempt > 1)
    return [`${name}: attempt ${attempt} runs at ${pending.lastWorkerIdentity}${before}`]
  return []
}

/** Activity ids are `name[iteration]#retry`. */
function nameOf({ activityId, activityType }: Pending): string {
  const name = /^(.*)\[[^\]]*\]#\d+$/s.exec(activityId ?? '')?.[1]
  return name ?? activityType?.name ?? 'an activity'
}

/** As the API numbers it: the worker did not report for longer than it may. */
const heartbeatTimeout = 4

function failureText({ lastFailure }: Pending): string {
  if (lastFailure?.timeoutFailureInfo?.timeoutType === heartbeatTimeout)
    return 'its worker was lost (no sign of life for 10 s)'
  const cause = lastFailure?.cause?.message
  const message = lastFailure?.message ?? 'an unknown failure'
  return cause == null || cause === '' || message.includes(cause) ? message : `${message}: ${cause}`
}

/** Timers that activities wait for (their summary names the activity), where nothing else is under way. */
async function timerTexts(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
  now: Date,
): Promise<string[]> {
  if ((raw.pendingActivities ?? []).length > 0 || (raw.pendingChildren ?? []).length > 0) return []
  const timers = await openTimers(client, workflowId, runId)
  const shown = timers.slice(0, mostTimers).map(({ name, due }) => {
    const left = due > now.getTime() ? ` (in ${durationText(due - now.getTime())})` : ''
    return `${name}: waits until ${new Date(due).toISOString().replace(/\.\d+Z/, 'Z')}${left}`
  })
  return timers.length > mostTimers ? [...shown, `and ${timers.length - mostTimers} more timers`] : shown
}

const mostTimers = 5

/** The earliest first. Timers without a summary are time limits, which nobody waits for. */
async function openTimers(client: Client, workflowId: string, runId: string) {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const open = new Map<string, { readonly name: string; readonly due: number }>()
  for (const event of events ?? []) {
    const begun = event.timerStartedEventAttributes
    const ended = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes
    const summary = event.userMetadata?.summary?.data
    if (begun?.timerId != null && summary != null) {
      const due = milliseconds(event.eventTime) + milliseconds(begun.startToFireTimeout)
      open.set(begun.timerId, { name: textOf(summary), due })
    }
    if (ended?.timerId != null) open.delete(ended.timerId)
  }
  return [...open.values()].toSorted((a, b) => a.due - b.due)
}

function textOf(summary: Uint8Array): string {
  const value: unknown = JSON.parse(Buffer.from(summary).toString('utf8'))
  return typeof value === 'string' ? value : 'an activity'
}

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type Workflow,
} from '@temporalio/client'
import type { PipelineRunInput, RunTrigger } from '../../adf/run/run.ts'
import type { WantedSchedule } from './planned-schedules.ts'

export interface AppliedSchedule {
  readonly id: string
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed'
  readonly paused: boolean
}

/**
 * What happens with times that went by while nothing ran: those of the last day are made up, older ones are not. ADF makes up
 * nothing, but its service is never switched off for the night.
 */
const catchupWindow = '1 day'

/** Kept with each schedule's runs: what the schedule was made of, to see whether it changed. */
interface ScheduleMemo extends Record<string, unknown> {
  readonly definition: string
  readonly runtimeState: WantedSchedule['state']
}

/**
 * Makes Temporal's schedules below `prefix` those that are wanted: creates, updates, removes what vanished. May be repeated. A schedule that somebody
 * paused or resumed stays so, until its trigger's runtimeState changes.
 */
export async function applySchedules(
  client: Client,
  taskQueue: string,
  prefix: string,
  wanted: readonly WantedSchedule[],
): Promise<AppliedSchedule[]> {
  const applied: AppliedSchedule[] = []
  for (const one of wanted) applied.push(await applyOne(client, taskQueue, one))
  const ids = new Set(wanted.map((one) => one.id))
  for (const id of await scheduleIds(client, prefix)) {
    if (ids.has(id)) continue
    const handle = client.schedule.getHandle(id)
    if ((await describeSchedule(client, id)) === undefined) continue
    await handle.delete().catch(ignoreMissing)
    applied.push({ id, change: 'removed', paused: false })
  }
  return applied
}

/** Undefined: it is not there. */
export async function describeSchedule(client: Client, id: string): Promise<ScheduleDescription | undefined> {
  return client.schedule.getHandle(id).describe().catch(ignoreMissing)
}

/** Ids of the schedules that begin with `prefix`, sorted. The server's list is a little behind: some may be gone already. */
export async function scheduleIds(client: Client, prefix: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { scheduleId } of client.schedule.list()) {
    if (scheduleId.startsWith(prefix)) ids.push(scheduleId)
  }
  return ids.toSorted()
}

async function applyOne(client: Client, taskQueue: string, wanted: WantedSchedule): Promise<AppliedSchedule> {
  const { id, state } = wanted
  const options = optionsOf(taskQueue, wanted)
  const handle = client.schedule.getHandle(id)
  const existing = await describeSchedule(client, id)
  if (existing === undefined) {
    try {
      await client.schedule.create(options)
    } catch (error) {
      // Somebody applies at the same time: the schedule is there now.
      if (error instanceof ScheduleAlreadyRunning) return applyOne(client, taskQueue, wanted)
      throw error
    }
    return { id, change: 'created', paused: state === 'Stopped' }
  }
  const before = memoOf(existing)
  const isSame = before?.definition === wanted.hash && existing.action.taskQueue === taskQueue
  if (isSame) return { id, change: 'unchanged', paused: existing.state.paused }
  const paused = before?.runtimeState === state ? existing.state.paused : state === 'Stopped'
  await handle.update(() => ({ ...options, state: { paused, note: wanted.description } }))
  return { id, change: 'updated', paused }
}

function optionsOf(
  taskQueue: string,
  wanted: WantedSchedule,
): ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>> {
  const { id, trigger, plan, parameters, state } = wanted
  const memo: ScheduleMemo = { definition: wanted.hash, runtimeState: state }
  const startedBy: RunTrigger = { type: 'ScheduleTrigger', name: trigger, id, scheduledTime: null, body: {} }
  const input: PipelineRunInput = {
    plan,
    pipeline: plan.pipeline,
    parameters,
    trigger: startedBy,
    invokedBy: null,
    groupId: null,
    chain: true,
  }
  return {
    scheduleId: id,
    spec: wanted.spec,
    action: {
      type: 'startWorkflow',
      workflowType: plan.pipeline,
      // Temporal adds the scheduled time: `bronze_ingest/daily-2026-11-21T02:00:00Z`.
      workflowId: `${plan.pipeline}/${trigger}`,
      taskQueue,
      args: [input],
      memo,
      staticSummary: `Started by ${trigger}`,
    },
    policies: { overlap: overlapOf(wanted), catchupWindow, pauseOnFailure: false },
    state: { paused: state === 'Stopped', note: wanted.description },
  }
}

/** ADF starts every time, and a pipeline with concurrency 1 queues its runs: nothing is skipped because a run takes long. */
function overlapOf({ plan }: WantedSchedule): ScheduleOverlapPolicy {
  return plan.pipelines[plan.pipeline]?.concurrency === 1
    ? ScheduleOverlapPolicy.BUFFER_ALL
    : ScheduleOverlapPolicy.ALLOW_ALL
}

function memoOf({ action }: ScheduleDescription): Partial<ScheduleMemo> | undefined {
  return action.memo
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof ScheduleNotFoundError) return undefined
  throw error
}

import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkflowHandle } from '@temporalio/client'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { inject } from 'vitest'
import type { ActivityContext } from '../../activities/activity.ts'
import { runAttempt } from '../../activities/attempt.ts'
import { cancelRun } from '../../activities/cancel-run.ts'
import { DataError } from '../../adf/errors.ts'
import type { JsonObject } from '../../adf/json.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type {
  ActivityInvocation,
  ActivityRunRecord,
  PipelineRunInput,
  PipelineRunRecord,
  PipelineRunResult,
} from '../../adf/run/run.ts'
import type { RunStatus } from '../../adf/run/status.ts'
import { webHook } from '../../activities/web-hook.ts'
import { createStores } from '../../stores/open-store.ts'
import { validateDataset, type ValidationInput } from '../../activities/validation.ts'
import type { Lake } from '../../lake/lake.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { createSecrets } from '../../stores/secrets.ts'
import { startCallbackServer } from '../../workers/callback-server.ts'
import type { RunningWorker } from '../../workers/start-worker.ts'
import { startWorker } from '../../workers/start-worker.ts'
import { dependenciesWith, testSettings } from './dependencies.ts'

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } })

const secrets = createSecrets(() => 'secret')

/** One call of the fake work activity. */
export interface Call {
  readonly invocation: ActivityInvocation
  readonly context: ActivityContext
}

export type FakeWork = (call: Call) => Promise<JsonObject>

/** A worker with the real workflows, a fake work activity of type BuildTable, and run records kept in memory. */
export interface PipelineWorker {
  readonly client: Client
  readonly lake: Lake
  readonly calls: Call[]
  readonly runs: PipelineRunRecord[]
  readonly rows: ActivityRunRecord[]
  /** Most work activities at once. */
  readonly peak: () => number
  readonly taskQueue: string
  start(plan: Plan, options?: StartOptions): Promise<RunHandle>
  stop(): Promise<void>
}

export interface StartOptions {
  readonly parameters?: JsonObject
  readonly workflowId?: string
  readonly chain?: boolean
  readonly trigger?: Partial<PipelineRunInput['trigger']>
}

export type RunHandle = WorkflowHandle<(input: PipelineRunInput) => Promise<PipelineRunResult>>

/**
 * What the fake does is said by typeProperties: `fail` throws an Error of that message, `data` a DataError, `failTimes` for the first
 * tries only, `hang` waits for the abort, `size` returns that many characters; else it returns typeProperties.
 */
const byProperties: FakeWork = async ({ invocation, context }) => {
  const { fail, data, hang, size, failTimes } = invocation.typeProperties
  if (typeof failTimes === 'number' && invocation.retryAttempt < failTimes) throw new Error('not yet')
  if (typeof fail === 'string') throw new Error(fail)
  if (typeof data === 'string') throw new DataError(data)
  if (hang === true) await aborted(context.signal)
  if (typeof size === 'number') return { text: 'x'.repeat(size) }
  return invocation.typeProperties
}

export async function startPipelineWorker(
  name: string,
  fake: FakeWork = byProperties,
  /** Whether run records are refused right now. */
  away: () => boolean = () => false,
): Promise<PipelineWorker> {
  const home = await mkdtemp(join(tmpdir(), `headrace-${name}-`))
  const taskQueue = home.slice(home.lastIndexOf('/') + 1)
  const lake = new LocalLake({ root: join(home, 'lake') })
  const stores = createStores({
    lake,
    secrets,
    settings: { folder: join(home, 'stores'), localFolders: [], entraAuthority: 'http://127.0.0.1:1' },
  })
  const calls: Call[] = []
  const runs: PipelineRunRecord[] = []
  const rows: ActivityRunRecord[] = []
  let running = 0
  let peak = 0
  const address = inject('temporalAddress')
  const callbacks = await startCallbackServer({
    host: '127.0.0.1',
    ports: [0],
    deliver: (...callback) => worker.deliverCallback(...callback),
  })
  const settings = { ...testSettings, callbackUrl: `http://127.0.0.1:${callbacks.port}` }
  const worker: RunningWorker = await startWorker({
    address,
    namespace: inject('temporalNamespace'),
    taskQueue,
    lake,
    cache: join(homedir(), '.cache/headrace'),
    activities: {
      BuildTable: (invocation: ActivityInvocation) =>
        runAttempt(invocation.timeoutMs, async (context) => {
          running += 1
          peak = Math.max(peak, running)
          calls.push({ invocation, context })
          try {
            return await fake({ invocation, context })
          } finally {
            running -= 1
          }
        }),
      WebHook: (invocation: ActivityInvocation) =>
        runAttempt(invocation.timeoutMs, (context) =>
          webHook(invocation, context, dependenciesWith({ settings, secrets })),
        ),
      Validation: (input: ValidationInput) => runAttempt(60_000, () => validateDataset(stores, input)),
      CancelRun: cancelRun,
      RecordPipelineRun: async (record: PipelineRunRecord) => {
        if (away()) throw new Error('the warehouse is away')
        runs.push(record)
      },
      RecordActivityRuns: async (records: ActivityRunRecord[]) => {
        if (away()) throw new Error('the warehouse is away')
        rows.push(...records)
      },
    },
  })
  const connection = await Connection.connect({ address })
  const client = new Client({ connection, dataConverter: payloadStorage(lake) })
  return {
    client,
    lake,
    calls,
    runs,
    rows,
    taskQueue,
    peak: () => peak,
    start: (plan, options = {}) =>
      client.workflow.start<(input: PipelineRunInput) => Promise<PipelineRunResult>>(plan.pipeline, {
        taskQueue,
        workflowId: options.workflowId ?? `${plan.pipeline}/${taskQueue}/${crypto.randomUUID()}`,
        args: [inputOf(plan, options)],
      }),
    stop: async () => {
      await callbacks.close()
      await worker.stop()
      await connection.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export function inputOf(plan: Plan, options: StartOptions = {}): PipelineRunInput {
  return {
    plan,
    pipeline: plan.pipeline,
    parameters: options.parameters ?? {},
    trigger: { type: 'Manual', name: 'test', id: 'test', scheduledTime: null, body: {}, ...options.trigger },
    invokedBy: null,
    groupId: null,
    chain: options.chain ?? false,
  }
}

/** Settles as the run does: its result, or ADF's message of the failed run. */
export async function endOf(
  handle: RunHandle,
): Promise<PipelineRunResult | { status: string; message: string }> {
  try {
    return await handle.result()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) }
    return { status: name === 'CancelledFailure' ? 'Cancelled' : 'Failed', message }
  }
}

/** Polls the query `status` until it is as wanted. */
export async function statusWhen(
  handle: { query(name: string): Promise<RunStatus> },
  wanted: (status: RunStatus) => boolean,
): Promise<RunStatus> {
  for (;;) {
    const status = await handle.query('status')
    if (wanted(status)) return status
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { runAttempt } from '../../activities/attempt.ts'
import { createRunRecordActivities } from '../../activities/run-records.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type { ActivityInvocation, PipelineRunInput, PipelineRunResult } from '../../adf/run/run.ts'
import { endProcess } from '../../clients/dev/process-identity.ts'
import { obtainTemporal } from '../../clients/dev/temporal-program.ts'
import { startTemporalServer } from '../../clients/dev/temporal-server.ts'
import { manualTrigger } from '../../clients/start/start-run.ts'
import { loadSettings } from '../../config/settings.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import type { History } from '../../test/support/history-file.ts'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { startWorker } from '../../workers/start-worker.ts'

/**
 * A server of its own, and on it two workers of one process: Headrace's with its run records in a real warehouse and an activity that
 * does nothing, and one with the hand-written workflows.
 */
export interface Bench extends AsyncDisposable {
  readonly address: string
  /** Of the server's process. */
  readonly serverPid: number
  readonly connection: Connection
  /** With which Headrace's histories are read. */
  readonly payloads: { readonly dataConverter: DataConverter }
  describe(workflowId: string): Promise<{ readonly historyLength: number; readonly historySize?: number }>
  history(workflowId: string): Promise<History>
  /** Holds the run records. */
  readonly warehouse: Warehouse
  /** Runs a pipeline to its end; returns its workflow id. */
  pipeline(plan: Plan): Promise<string>
  /** Runs a workflow of `by-hand.ts` to its end; returns its workflow id. */
  byHand(workflow: string, ...args: readonly number[]): Promise<string>
}

const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }

export async function openBench(): Promise<Bench> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } })
  const settings = loadSettings()
  const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
  const server = await startTemporalServer({
    program: await obtainTemporal(settings, (line) => console.log(line)),
    folder: join(home, 'temporal'),
    logFile: join(home, 'temporal.log'),
    namespace: 'default',
    port: null,
    uiPort: null,
  })
  const { address } = server
  const lake = new LocalLake({ root: join(home, 'lake') })
  const warehouse = await openSqliteWarehouse(join(home, 'warehouse.db'))
  const headrace = await startWorker({
    address,
    namespace: 'default',
    taskQueue: 'headrace',
    lake,
    cache: settings.cache,
    activities: {
      BuildTable: ({ timeoutMs, typeProperties }: ActivityInvocation) =>
        runAttempt(timeoutMs, async () => typeProperties),
      ...createRunRecordActivities(warehouse),
    },
  })
  const native = await NativeConnection.connect({ address })
  const plain = await Worker.create({
    connection: native,
    taskQueue: 'by-hand',
    activities: { Trivial: async (properties: { n: number }) => properties },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, 'by-hand.ts'),
      logger: silent,
    }),
  })
  const plainEnded = plain.run()
  const connection = await Connection.connect({ address })
  const client = new Client({ connection, dataConverter: payloadStorage(lake) })
  const plainClient = new Client({ connection })
  return {
    address,
    serverPid: server.pid,
    connection,
    warehouse,
    payloads: { dataConverter: payloadStorage(lake) },
    describe: (workflowId) => client.workflow.getHandle(workflowId).describe(),
    history: (workflowId) => client.workflow.getHandle(workflowId).fetchHistory(),
    pipeline: async (plan) => {
      const workflowId = crypto.randomUUID()
      await client.workflow.execute<(input: PipelineRunInput) => Promise<PipelineRunResult>>(plan.pipeline, {
        taskQueue: 'headrace',
        workflowId,
        args: [
          {
            plan,
            pipeline: plan.pipeline,
            parameters: {},
            trigger: manualTrigger,
            invokedBy: null,
            groupId: null,
            chain: false,
          },
        ],
      })
      return workflowId
    },
    byHand: async (workflow, ...args) => {
      const workflowId = crypto.randomUUID()
      await plainClient.workflow.execute<(...args: number[]) => Promise<void>>(workflow, {
        taskQueue: 'by-hand',
        workflowId,
        args: [...args],
      })
      return workflowId
    },
    [Symbol.asyncDispose]: async () => {
      plain.shutdown()
      await Promise.all([plainEnded, headrace.stop()])
      await connection.close()
      await native.close()
      await warehouse.close()
      await endProcess(server)
      await rm(home, { recursive: true, force: true })
    },
  }
}

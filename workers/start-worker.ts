import { Client, WorkflowNotFoundError } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import type { JsonValue } from '../adf/json.ts'
import { callbackSignal } from '../adf/run/status.ts'
import type { Lake } from '../lake/lake.ts'
import { payloadStorage } from '../lake/payload-storage.ts'
import { workflowBundle } from './workflow-bundle.ts'

export interface WorkerSetup {
  /** `host:port` of the Temporal server. */
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  /** Large payloads go here; clients must use the same lake. */
  readonly lake: Lake
  /** Functions by Temporal activity type. */
  readonly activities: object
  /** Headrace's cache folder, for the workflow bundle. */
  readonly cache: string
}

export interface RunningWorker {
  /** Settles when the worker has stopped: by `stop`, by a signal to the process, or by a failure. */
  readonly ended: Promise<void>
  /** Hands a callback to the workflow that waits for it; `false` when there is no such run any more. */
  deliverCallback(workflowId: string, token: string, body: JsonValue): Promise<boolean>
  /** Takes no more work, gives running activities five seconds, hands the rest back to be repeated elsewhere. */
  stop(): Promise<void>
}

/**
 * The SDK cuts an activation off after five seconds of the clock, in the middle of its promises: what is left of them runs in whatever workflow comes next,
 * and may end the worker. No definition makes the interpreter run without end, but a machine that is overloaded makes it slow. The SDK (1.24) takes
 * the option without declaring it.
 */
const patience = { isolateExecutionTimeout: '1 minute' } as const

/** Connects, bundles the workflows and polls. Resolves when the worker polls its task queue. */
export async function startWorker(setup: WorkerSetup): Promise<RunningWorker> {
  const { address, namespace, taskQueue, activities, lake } = setup
  const [connection, bundle] = await Promise.all([connect(address), workflowBundle(setup.cache)])
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities,
    workflowBundle: bundle,
    dataConverter: payloadStorage(lake),
    shutdownGraceTime: '5 seconds',
    ...patience,
    // Details of heartbeats reach the server at most this late: what a killed worker loses, and how long a cancel takes.
    maxHeartbeatThrottleInterval: '2 seconds',
    defaultHeartbeatThrottleInterval: '2 seconds',
  })
  const ended = runToItsEnd(worker, connection)
  const client = new Client({ connection, namespace, dataConverter: payloadStorage(lake) })
  return {
    ended,
    deliverCallback: async (workflowId, token, body) => {
      try {
        await client.workflow.getHandle(workflowId).signal<[string, JsonValue]>(callbackSignal, token, body)
        return true
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false
        throw error
      }
    },
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown()
      await ended
    },
  }
}

async function runToItsEnd(worker: Worker, connection: NativeConnection): Promise<void> {
  try {
    await worker.run()
  } finally {
    await connection.close()
  }
}

async function connect(address: string): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ address })
  } catch (cause) {
    throw new Error(`Temporal is not reachable at ${address}; start it with: headrace up`, { cause })
  }
}

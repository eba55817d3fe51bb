import { join } from 'node:path'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { runAttempt } from '../../activities/attempt.ts'
import { createRunRecordActivities } from '../../activities/run-records.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import { startWorker } from '../../workers/start-worker.ts'

/**
 * One side's worker, a process of its own so that its memory can be seen: Headrace's (arguments `pipeline`, address, home, cache) or that of the
 * hand-written workflows (`by-hand`, address). Sends its memory whenever it is sent a message.
 */
export interface Memory {
  readonly rss: number
  readonly heap: number
}

const [side = '', address = '', home = '', cache = ''] = process.argv.slice(2)
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {} } } })
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }

if (side === 'pipeline') await startPipelineSide()
else await startByHandSide()
process.on('message', () => {
  const { rss, heapUsed } = process.memoryUsage()
  process.send?.({ rss, heap: heapUsed } satisfies Memory)
})
process.send?.('ready')

async function startPipelineSide(): Promise<void> {
  const warehouse = await openSqliteWarehouse(join(home, 'warehouse.db'))
  await startWorker({
    address,
    namespace: 'default',
    taskQueue: 'pipeline',
    lake: new LocalLake({ root: join(home, 'lake') }),
    cache,
    activities: {
      BuildTable: ({ timeoutMs, typeProperties }: ActivityInvocation) =>
        runAttempt(timeoutMs, async () => typeProperties),
      ...createRunRecordActivities(warehouse),
    },
  })
}

async function startByHandSide(): Promise<void> {
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: 'by-hand',
    activities: { Trivial: async (properties: { n: number }) => properties },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, '../engine/by-hand.ts'),
      logger: silent,
    }),
  })
  void worker.run()
}

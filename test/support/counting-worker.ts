import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runAttempt } from '../../activities/attempt.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { startWorker } from '../../workers/start-worker.ts'

/**
 * A worker process to kill: its activity counts to typeProperties.to, a step each 50 ms, saves where it is, and writes each step into
 * the file `steps` of its home. Arguments: address, task queue, home, cache.
 */
const [address = '', taskQueue = '', home = '', cache = ''] = process.argv.slice(2)
const steps = join(home, 'steps')

const worker = await startWorker({
  address,
  namespace: 'default',
  taskQueue,
  lake: new LocalLake({ root: join(home, 'lake') }),
  cache,
  activities: {
    BuildTable: (invocation: ActivityInvocation) =>
      runAttempt(invocation.timeoutMs, async (context) => {
        const { cursor, attempt, signal } = context
        const to = Number(invocation.typeProperties['to'])
        for (let step = typeof cursor === 'number' ? cursor : 0; step < to; step += 1) {
          appendFileSync(steps, `${JSON.stringify({ step, attempt, pid: process.pid })}\n`)
          context.checkpoint(step + 1)
          await sleep(50, null, { signal })
        }
        return { counted: to, attempt }
      }),
    RecordPipelineRun: async () => {},
    RecordActivityRuns: async (records: unknown[]) => {
      appendFileSync(join(home, 'rows'), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    },
  },
})
console.log('ready')
await worker.ended

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Context } from '@temporalio/activity'
import { createActivities } from '../../activities/index.ts'
import { loadSettings } from '../../config/settings.ts'
import type { OpenObject } from '../../lake/lake.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { openDependencies } from '../../workers/dependencies.ts'
import { startWorker } from '../../workers/start-worker.ts'

/**
 * A worker process to kill, with the real activities over a slow lake: each scan.yaml of the inbox takes a while, and is written into the
 * file `opened` of the home, with what the attempt that reads it was given by the heartbeat. Arguments: address, task queue, home, cache.
 */
const [address = '', taskQueue = '', home = '', cache = ''] = process.argv.slice(2)

class SlowLake extends LocalLake {
  override async read(path: string, range?: { start: number; end: number }): Promise<Readable> {
    await noted(path)
    return super.read(path, range)
  }

  override async open(path: string): Promise<OpenObject> {
    await noted(path)
    return super.open(path)
  }
}

async function noted(path: string): Promise<void> {
  if (!path.startsWith('inbox/') || !path.endsWith('/scan.yaml')) return
  const { activityType, attempt, heartbeatDetails } = Context.current().info
  const opened = { path, activityType, attempt, heartbeat: heartbeatDetails ?? null }
  appendFileSync(join(home, 'opened'), `${JSON.stringify(opened)}\n`)
  // Slow enough that heartbeats, of which the worker sends one in two seconds, go out in the middle of a chunk.
  await sleep(200)
}

const settings = loadSettings({ environment: { ...process.env, HEADRACE_HOME: home } })
const lake = new SlowLake({ root: settings.home.lake })
const { dependencies } = await openDependencies(settings, lake)
const worker = await startWorker({
  address,
  namespace: 'default',
  taskQueue,
  lake,
  cache,
  activities: createActivities(dependencies),
})
console.log('ready')
await worker.ended

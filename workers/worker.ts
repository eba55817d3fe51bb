import { Runtime, DefaultLogger } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { loadSettings, SettingsError } from '../config/settings.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { openDependencies } from './dependencies.ts'
import { startWorker } from './start-worker.ts'

/**
 * A worker as a process: settings from the environment, runs until SIGTERM or SIGINT, then drains: it takes no more work and
 * hands back what does not end within seconds. Prints `headrace worker ready` once it polls.
 */
async function main(): Promise<void> {
  const settings = loadSettings()
  if (settings.temporalAddress === null)
    throw new Error('HEADRACE_TEMPORAL_ADDRESS is not set; start server and worker with: headrace up')
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN' } } },
  })
  const mounts: Record<string, string> = settings.inbox === null ? {} : { inbox: settings.inbox }
  const lake = new LocalLake({ root: settings.home.lake, mounts })
  const { dependencies, close } = await openDependencies(settings, lake)
  try {
    const worker = await startWorker({
      address: settings.temporalAddress,
      namespace: settings.temporalNamespace,
      taskQueue: settings.taskQueue,
      lake,
      activities: createActivities(dependencies),
      cache: settings.cache,
    })
    console.log(
      `headrace worker ready: ${settings.temporalAddress}, namespace ${settings.temporalNamespace}, task queue ${settings.taskQueue}`,
    )
    await worker.ended
  } finally {
    await close()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error)
  process.exitCode = 1
}

import { Runtime, DefaultLogger } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { loadSettings, type Settings, SettingsError } from '../config/settings.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { openDependencies } from './dependencies.ts'
import { lastCallbackPort, rememberCallbackPort } from './callback-port.ts'
import { startCallbackServer } from './callback-server.ts'
import { type RunningWorker, startWorker } from './start-worker.ts'

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
  // Removes what killed workers left unfinished.
  await lake.scratch()
  let worker: RunningWorker | null = null
  const callbacks = await openCallbacks(settings, () => worker)
  const { dependencies, close } = await openDependencies(settings, lake, callbacks.url)
  try {
    worker = await startWorker({
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
    await callbacks.close()
    await close()
  }
}

/** Callbacks that come before the worker polls are refused with "try again". */
async function openCallbacks(settings: Settings, worker: () => RunningWorker | null) {
  const { host, port, url } = settings.callback
  const last = await lastCallbackPort(settings.home.run)
  const server = await startCallbackServer({
    host,
    ports: port !== null ? [port] : last === 0 ? [0] : [last, 0],
    deliver: async (workflowId, token, body) => {
      const running = worker()
      if (running === null) throw new Error('The worker is starting')
      return running.deliverCallback(workflowId, token, body)
    },
  })
  if (last === 0) await rememberCallbackPort(settings.home.run, server.port)
  const name = host.includes(':') ? `[${host}]` : host
  return { url: url ?? `http://${name}:${server.port}`, close: () => server.close() }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error)
  process.exitCode = 1
}

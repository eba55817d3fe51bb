import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { HomeFolders, Settings } from '../../config/settings.ts'
import { withFileLock } from './file-lock.ts'
import { endProcess } from './process-identity.ts'
import type { Report } from './report.ts'
import {
  readPorts,
  readStack,
  writePorts,
  writeTemporal,
  writeTenure,
  writeWorker,
  type StackState,
  type TemporalState,
  type WorkerState,
} from './stack-state.ts'
import { obtainTemporal } from './temporal-program.ts'
import { endUnrecordedServers, startTemporalServer } from './temporal-server.ts'
import { endUnrecordedWorkers, startWorker } from './worker-process.ts'

export interface RunningStack extends StackState {
  readonly tenure: string
  readonly worker: WorkerState
}

/** Makes sure that the home's Temporal server and one worker run; starts what is missing, by one process at a time. */
export async function startStack(settings: Settings, report: Report): Promise<RunningStack> {
  return withHomeLock(settings.home, report, () => ensureStack(settings, report))
}

/**
 * The same for a stack that this process watches; null, and nothing is started, when somebody has stopped it since. What died while another
 * command was stopping it, or clearing the home, must not come back: a second server would write to the first one's file.
 */
export async function restartStack(
  settings: Settings,
  tenure: string,
  report: Report,
): Promise<RunningStack | null> {
  if (readStack(settings.home).tenure !== tenure) return null
  return withHomeLock(settings.home, report, async () =>
    readStack(settings.home).tenure === tenure ? ensureStack(settings, report) : null,
  )
}

/** Makes sure that the home's Temporal server runs, without a worker. Null: the settings name a server elsewhere. */
export async function startTemporal(settings: Settings, report: Report): Promise<TemporalState | null> {
  return withHomeLock(settings.home, report, () => ensureTemporal(settings, report))
}

/**
 * Ends worker and server of a home; the worker first, so that it can hand back what it works on. With a `tenure`, only where it is still
 * that one; returns what was stopped.
 */
export async function stopStack(home: HomeFolders, report: Report, tenure?: string): Promise<StackState> {
  return withHomeLock(home, report, async () => {
    const state = readStack(home)
    if (tenure !== undefined && state.tenure !== tenure) return { tenure: null, temporal: null, worker: null }
    // First of all: whoever watches must not take what ends now for dead.
    writeTenure(home, null)
    if (state.worker !== null) {
      report(`Stopping the worker (process ${state.worker.pid}) …`)
      await endProcess(state.worker)
    }
    writeWorker(home, null)
    await endUnrecordedWorkers(home.root)
    if (state.temporal !== null) {
      report(`Stopping Temporal (process ${state.temporal.pid}) …`)
      await endProcess(state.temporal)
    }
    writeTemporal(home, null)
    await endUnrecordedServers(home.temporal)
    return state
  })
}

async function ensureStack(settings: Settings, report: Report): Promise<RunningStack> {
  const temporal = await ensureTemporal(settings, report)
  const address = settings.temporalAddress ?? temporal?.address ?? ''
  const ui = settings.temporalUi ?? temporal?.ui ?? null
  const worker = await ensureWorker(settings, address, ui, report)
  const tenure = readStack(settings.home).tenure ?? randomUUID()
  writeTenure(settings.home, tenure)
  return { tenure, temporal, worker }
}

function withHomeLock<T>(home: HomeFolders, report: Report, work: () => Promise<T>): Promise<T> {
  return withFileLock(join(home.run, 'stack.lock'), work, (holder) =>
    report(`Process ${holder.pid} is starting or stopping ${home.root}; waiting for it …`),
  )
}

/** Null: the settings name a server elsewhere, so there is none of this home. */
async function ensureTemporal(settings: Settings, report: Report): Promise<TemporalState | null> {
  if (settings.temporalAddress !== null) return null
  const running = readStack(settings.home).temporal
  if (running !== null) return running
  const program = await obtainTemporal(settings, report)
  await endUnrecordedServers(settings.home.temporal)
  report('Starting Temporal …')
  const server = await startTemporalServer({
    program,
    folder: settings.home.temporal,
    logFile: join(settings.home.logs, 'temporal.log'),
    namespace: settings.temporalNamespace,
    port: settings.temporalPort,
    uiPort: settings.temporalUiPort,
    preferred: readPorts(settings.home),
  })
  const state = { ...server, namespace: settings.temporalNamespace }
  writeTemporal(settings.home, state)
  writePorts(settings.home, { port: portOf(server.address), uiPort: portOf(server.ui) })
  return state
}

async function ensureWorker(
  settings: Settings,
  address: string,
  ui: string | null,
  report: Report,
): Promise<WorkerState> {
  const running = readStack(settings.home).worker
  if (running?.address === address) return running
  if (running !== null) await endProcess(running)
  await endUnrecordedWorkers(settings.home.root)
  report('Starting a worker …')
  const log = join(settings.home.logs, 'worker.log')
  const worker = await startWorker({ settings, address, ui, logFile: log })
  const state = { ...worker, address, log }
  writeWorker(settings.home, state)
  return state
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}

import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment, settingsEnvironment, type Settings } from '../../config/settings.ts'
import { endProcess, findByArguments, identify, isAlive, type ProcessIdentity } from './process-identity.ts'

export const workerEntry = join(import.meta.dirname, '../../workers/worker.ts')
/** What `workers/worker.ts` prints once it polls its task queue. */
export const workerReadyLine = /^headrace worker ready/m
const readyWithinMs = 120_000

export interface WorkerOptions {
  readonly settings: Settings
  readonly address: string
  readonly ui: string | null
  readonly logFile: string
}

/** Starts a worker as a process of its own, which outlives this one, and waits until it polls its task queue. */
export async function startWorker(options: WorkerOptions): Promise<ProcessIdentity> {
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a')
  const before = statSync(options.logFile).size
  // The home is an argument so that the process can be found by it.
  const child = spawn(process.execPath, [workerEntry, options.settings.home.root], {
    cwd: options.settings.home.root,
    detached: true,
    stdio: ['ignore', log, log],
    env: childEnvironment(workerEnvironment(options)),
  })
  closeSync(log)
  const identity = child.pid === undefined ? null : identify(child.pid)
  if (identity === null) throw new Error(`The worker does not start; see ${options.logFile}`)
  child.unref()
  const until = performance.now() + readyWithinMs
  while (!workerReadyLine.test(readFrom(options.logFile, before))) {
    if (!isAlive(identity)) {
      const end = readFrom(options.logFile, before).trim().split('\n').slice(-15).join('\n')
      throw new Error(`The worker ended before it was ready (${options.logFile}):\n${end}`)
    }
    if (performance.now() > until) {
      await endProcess(identity)
      throw new Error(`The worker is not ready after ${readyWithinMs / 1000} s; see ${options.logFile}`)
    }
    await sleep(50)
  }
  return identity
}

/** Ends workers that `startWorker` started for this home though nobody noted them: whoever started them was killed before they were ready. */
export async function endUnrecordedWorkers(home: string): Promise<void> {
  for (const worker of findByArguments([workerEntry, home])) await endProcess(worker)
}

export function workerEnvironment(
  options: Pick<WorkerOptions, 'settings' | 'address' | 'ui'>,
): Record<string, string | null> {
  return {
    ...settingsEnvironment(options.settings),
    HEADRACE_TEMPORAL_ADDRESS: options.address,
    HEADRACE_TEMPORAL_UI: options.ui,
  }
}

function readFrom(file: string, start: number): string {
  const size = statSync(file).size - start
  const bytes = Buffer.alloc(Math.max(0, size))
  const open = openSync(file, 'r')
  try {
    return bytes.toString('utf8', 0, readSync(open, bytes, 0, bytes.length, start))
  } finally {
    closeSync(open)
  }
}

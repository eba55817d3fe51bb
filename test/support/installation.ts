import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, type ProcessIdentity } from '../../clients/dev/process-identity.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { startStack, stopStack } from '../../clients/dev/stack.ts'
import { loadSettings, type Settings } from '../../config/settings.ts'
import { headrace, type CliResult } from '../clients/headrace.ts'

/**
 * A whole installation in a home of its own, with the command line, the Temporal server and the worker as processes. Removed at the
 * end of a test that passed; one that failed leaves its home behind for a look.
 */
export interface Installation {
  readonly settings: Settings
  readonly home: string
  /** Runs `headrace …` as a process; never rejects because of its exit code. */
  headrace(...args: readonly string[]): Promise<CliResult>
  /** Starts what does not run: Temporal unless the installation uses a given one, and the worker. */
  up(): Promise<void>
  /** Sends a signal to the running process; false where none runs. */
  signal(victim: 'worker' | 'temporal', signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<boolean>
  down(): Promise<void>
  remove(): Promise<void>
}

export interface InstallationOptions {
  /** Names the home and the task queue. */
  readonly name: string
  /** A shared server; without one the installation starts its own. */
  readonly temporalAddress?: string
  readonly environment?: Readonly<Record<string, string>>
}

export async function createInstallation(options: InstallationOptions): Promise<Installation> {
  const home = await mkdtemp(join(tmpdir(), `headrace-${options.name}-`))
  const environment: Record<string, string> = {
    HEADRACE_HOME: home,
    HEADRACE_TASK_QUEUE: home.slice(home.lastIndexOf('/') + 1),
    HEADRACE_DUCKDB_MEMORY: '512MB',
    ...(options.temporalAddress === undefined ? {} : { HEADRACE_TEMPORAL_ADDRESS: options.temporalAddress }),
    ...options.environment,
  }
  const settings = loadSettings({ environment: { ...process.env, ...environment } })
  const silent = (): void => {}
  return {
    settings,
    home,
    headrace: (...args) => headrace(args, environment),
    up: async () => void (await startStack(settings, silent)),
    signal: async (victim, signal) => {
      const state = readStack(settings.home)[victim]
      if (state === null) return false
      process.kill(state.pid, signal)
      if (signal === 'SIGKILL') await ended(state)
      return true
    },
    down: async () => void (await stopStack(settings.home, silent)),
    remove: async () => {
      await stopStack(settings.home, silent)
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function ended(one: ProcessIdentity): Promise<void> {
  while (isAlive(one)) await new Promise((resolve) => setTimeout(resolve, 10))
}

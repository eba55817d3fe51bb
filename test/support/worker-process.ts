import { type ChildProcess, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'

/** The task queue of a test's worker processes: the name of its home. */
export function taskQueueOf(home: string): string {
  return home.slice(home.lastIndexOf('/') + 1)
}

/** Starts a worker program of this folder on the tests' Temporal server; resolves when it polls. The caller ends it. */
export async function startWorkerProcess(
  program: 'counting-worker.ts' | 'ingesting-worker.ts',
  home: string,
): Promise<ChildProcess> {
  const entry = join(import.meta.dirname, program)
  const args = [entry, inject('temporalAddress'), taskQueueOf(home), home, join(homedir(), '.cache/headrace')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && resolve())
    child.on('exit', () => reject(new Error('the worker ended before it was ready')))
  })
  return child
}

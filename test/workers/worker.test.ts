import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { childEnvironment } from '../../config/settings.ts'

const entry = join(import.meta.dirname, '../../workers/worker.ts')

async function runWorker(environment: Record<string, string | null>, signal: NodeJS.Signals | null) {
  const child = spawn(process.execPath, [entry], { env: childEnvironment(environment), stdio: 'pipe' })
  let output = ''
  const read = (chunk: Buffer): void => {
    output += chunk.toString()
    if (signal !== null && output.includes('headrace worker ready')) child.kill(signal)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}

test('says when it polls, and ends cleanly on SIGTERM', async () => {
  const home = await mkdtemp(join(tmpdir(), 'headrace-worker-'))
  const address = inject('temporalAddress')
  const environment = {
    HEADRACE_HOME: home,
    HEADRACE_TEMPORAL_ADDRESS: address,
    HEADRACE_TASK_QUEUE: basename(home),
  }
  const { code, output } = await runWorker(environment, 'SIGTERM')
  expect(output).toContain(
    `headrace worker ready: ${address}, namespace default, task queue ${basename(home)}\n`,
  )
  expect(code).toBe(0)
  await rm(home, { recursive: true, force: true })
})

test('without a server it says which one is missing and how to start it', async () => {
  const home = await mkdtemp(join(tmpdir(), 'headrace-worker-'))
  const environment = { HEADRACE_HOME: home, HEADRACE_TEMPORAL_ADDRESS: '127.0.0.1:9' }
  const { code, output } = await runWorker(environment, null)
  expect(output).toContain('Temporal is not reachable at 127.0.0.1:9; start it with: headrace up')
  expect(code).toBe(1)
  const unset = await runWorker({ HEADRACE_HOME: home, HEADRACE_TEMPORAL_ADDRESS: null }, null)
  expect(unset.output).toContain(
    'HEADRACE_TEMPORAL_ADDRESS is not set; start server and worker with: headrace up',
  )
  await rm(home, { recursive: true, force: true })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { inputOf } from '../support/pipeline-worker.ts'
import { pipeline, plan, wait, work } from '../support/plans.ts'
import { headrace } from './headrace.ts'

let home: string
let taskQueue: string
let connection: Connection
let client: Client
const processes: ChildProcess[] = []

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'headrace-waits-'))
  taskQueue = home.slice(home.lastIndexOf('/') + 1)
  connection = await Connection.connect({ address: inject('temporalAddress') })
  const dataConverter = payloadStorage(new LocalLake({ root: join(home, 'lake') }))
  client = new Client({ connection, dataConverter })
})
afterEach(() => {
  for (const one of processes.splice(0)) if (one.exitCode === null) one.kill('SIGKILL')
})
afterAll(async () => {
  await connection.close()
  await rm(home, { recursive: true, force: true })
})

const status = (id: string, ...args: string[]) =>
  headrace(['status', id, ...args], {
    HEADRACE_HOME: home,
    HEADRACE_TEMPORAL_ADDRESS: inject('temporalAddress'),
  })

async function startWorker(): Promise<ChildProcess> {
  const entry = join(import.meta.dirname, '../support/counting-worker.ts')
  const args = [entry, inject('temporalAddress'), taskQueue, home, join(homedir(), '.cache/headrace')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  processes.push(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && resolve())
    child.on('exit', () => reject(new Error('the worker ended before it was ready')))
  })
  return child
}

it('status tells of a lost worker: that none polls, the attempt that waits, and why there is another one', async () => {
  const id = `counts/${taskQueue}`
  const first = await startWorker()
  const input = inputOf(plan([pipeline('counts', [work('Count', { to: 2_000 })])]))
  const handle = await client.workflow.start('counts', { taskQueue, workflowId: id, args: [input] })
  await expect
    .poll(async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastStartedTime ?? null, {
      timeout: 30_000,
    })
    .not.toBeNull()
  expect((await status(id)).stdout).toMatch(/^ {2}▸ Count {2}[^\n]*\n$/m)

  first.kill('SIGKILL')
  const started = performance.now()
  const alone = await status(id)
  expect(performance.now() - started).toBeLessThan(9_000)
  expect(alone.stderr).toContain('No worker answers; this is what the server and the warehouse know')
  expect(alone.stdout).toContain(`  → no worker polls task queue ${taskQueue}; start one with: headrace up\n`)
  expect(alone.stdout).toMatch(/^ {2}▸ Count /m)
  await expect
    .poll(async () => (await status(id)).stdout, { timeout: 40_000, interval: 1_000 })
    .toMatch(
      /→ Count: attempt 2 (waits for a worker since|starts in) .*; the one before ended by: its worker was lost \(no sign of life for 10 s\)/,
    )

  const second = await startWorker()
  await expect
    .poll(async () => JSON.parse((await status(id, '--json')).stdout).waits, {
      timeout: 40_000,
      interval: 500,
    })
    .toEqual([
      expect.stringMatching(
        new RegExp(
          `^Count: attempt 2 runs at ${second.pid}@.*; the one before ended by: its worker was lost`,
        ),
      ),
    ])
  await handle.terminate()
}, 120_000)

it('status tells of a timer, and of a pause', async () => {
  const id = `rests/${taskQueue}`
  await startWorker()
  const input = inputOf(plan([pipeline('rests', [wait('Rest', 600)])]))
  const handle = await client.workflow.start('rests', { taskQueue, workflowId: id, args: [input] })
  await expect
    .poll(async () => (await status(id)).stdout, { timeout: 20_000 })
    .toMatch(/^ {2}→ Rest: waits until \d{4}-\S+Z \(in (9 min|10 min) \d\d s\)$/m)
  await handle.signal('pause')
  expect((await status(id)).stdout).toContain(
    `  → paused; let it go on with: headrace resume ${id}\n  → Rest: waits until `,
  )
  await handle.terminate()
  expect(JSON.parse((await status(id, '--json')).stdout)).toMatchObject({ waits: [] })
}, 60_000)

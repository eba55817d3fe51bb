import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { PipelineRunInput, PipelineRunResult } from '../../adf/run/run.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { inputOf } from '../support/pipeline-worker.ts'
import { pipeline, plan, returnValue, work } from '../support/plans.ts'
import { startWorkerProcess, taskQueueOf } from '../support/worker-process.ts'

interface Step {
  readonly step: number
  readonly attempt: number
  readonly pid: number
}

let home: string
let connection: Connection
const processes: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headrace-kill-'))
  connection = await Connection.connect({ address: inject('temporalAddress') })
})
afterEach(async () => {
  for (const one of processes.splice(0)) if (one.exitCode === null) one.kill('SIGKILL')
  await connection.close()
  await rm(home, { recursive: true, force: true })
})

async function startCounting(): Promise<ChildProcess> {
  const child = await startWorkerProcess('counting-worker.ts', home)
  processes.push(child)
  return child
}

function linesOf<T>(file: string): T[] {
  const path = join(home, file)
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  return lines.map((line) => JSON.parse(line) as T)
}

function startRun(to: number) {
  const counted = { key: 'n', value: { type: 'Expression', content: "@activity('A').output.counted" } }
  const activities = [work('A', { to }), returnValue('R', [counted], { after: ['A'] })]
  const client = new Client({
    connection,
    dataConverter: payloadStorage(new LocalLake({ root: join(home, 'lake') })),
  })
  return client.workflow.start<(input: PipelineRunInput) => Promise<PipelineRunResult>>('counts', {
    taskQueue: taskQueueOf(home),
    workflowId: `counts/${home}`,
    args: [inputOf(plan([pipeline('counts', activities)]))],
  })
}

test('a worker killed in the middle of an activity: the next one goes on from the cursor, and no retry is counted', async () => {
  const first = await startCounting()
  const handle = await startRun(120)
  await expect.poll(() => linesOf<Step>('steps').length, { timeout: 30_000 }).toBeGreaterThan(60)
  first.kill('SIGKILL')
  await startCounting()
  expect(await handle.result()).toMatchObject({ returnValue: { n: 120 } })
  const steps = linesOf<Step>('steps')
  const again = steps.filter(({ attempt }) => attempt === 2)
  const before = steps.filter(({ attempt }) => attempt === 1)
  expect(again[0]?.step).toBeGreaterThan(0)
  expect(again[0]?.step).toBeLessThanOrEqual((before.at(-1)?.step ?? 0) + 1)
  expect(new Set(steps.map(({ step }) => step)).size).toBe(120)
  const rows = linesOf<{ activity: string; retryAttempt: number; status: string }>('rows')
  expect(rows.filter(({ activity }) => activity === 'A')).toMatchObject([
    { retryAttempt: 0, status: 'Succeeded' },
  ])
}, 90_000)

test('a worker told to stop hands its activity on within seconds', async () => {
  const first = await startCounting()
  const handle = await startRun(150)
  await expect.poll(() => linesOf<Step>('steps').length, { timeout: 30_000 }).toBeGreaterThan(10)
  await startCounting()
  const ended = new Promise((resolve) => first.on('exit', resolve))
  first.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(await handle.result()).toMatchObject({ returnValue: { n: 150 } })
  const steps = linesOf<Step>('steps')
  expect(steps.filter(({ pid }) => pid === first.pid).length).toBeLessThan(150)
  expect(steps.filter(({ attempt }) => attempt === 2)[0]?.step).toBeGreaterThan(10)
}, 90_000)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { pipelineRunsTable } from '../../warehouse/run-tables.ts'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import { startPipelineWorker, type Call, type PipelineWorker } from '../support/pipeline-worker.ts'
import { headrace } from './headrace.ts'
import { workPipeline, writeFactory } from './scheduled-factory.ts'

let worker: PipelineWorker
/** What the work of a batch waits for. */
let gate: (batch: string) => Promise<void>
let broken: Set<string>

beforeAll(async () => {
  worker = await startPipelineWorker('backfill', async ({ invocation }) => {
    await gate(invocation.run.batch)
    if (broken.has(invocation.run.batch)) throw new Error(`${invocation.run.batch} is broken`)
    return {}
  })
})
afterAll(() => worker.stop())
beforeEach(() => {
  gate = () => Promise.resolve()
  broken = new Set()
})

/** An installation of the running test with one pipeline of a name of its own. */
async function installation() {
  const home = await mkdtemp(join(tmpdir(), 'headrace-backfill-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const pipeline = `load_${crypto.randomUUID().slice(0, 8)}`
  const parameters = {
    batch: { type: 'String' },
    windowEnd: { type: 'String' },
    day: { type: 'String', defaultValue: '' },
  }
  const factory = await writeFactory({
    [`pipeline/${pipeline}.json`]: workPipeline(pipeline, {}, { parameters }),
  })
  const environment = {
    HEADRACE_HOME: home,
    HEADRACE_FACTORY: factory.folder,
    HEADRACE_TASK_QUEUE: worker.taskQueue,
    HEADRACE_TEMPORAL_ADDRESS: inject('temporalAddress'),
  }
  const args = (...more: string[]) => ['backfill', pipeline, '--from', '2026-11-01', ...more]
  const calls = (): Call[] => worker.calls.filter(({ invocation }) => invocation.run.pipeline === pipeline)
  return {
    home,
    pipeline,
    factory,
    environment,
    args,
    batches: () =>
      calls()
        .map(({ invocation }) => invocation.run.batch)
        .toSorted(),
    backfill: (...more: string[]) => headrace(args(...more), environment),
  }
}

test('runs one batch a window, no more at once than asked for, and leaves out what has succeeded', async () => {
  const { pipeline, backfill, batches } = await installation()
  let running = 0
  let most = 0
  gate = async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 50))
    running -= 1
  }
  const all = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05']
  const first = await backfill(
    '--to',
    '2026-11-06',
    '--concurrency',
    '2',
    '--param',
    "day=@formatDateTime(trigger().outputs.windowStartTime, 'dddd')",
  )
  expect(first).toMatchObject({
    code: 0,
    stdout: '5 windows: 5 succeeded, 0 had succeeded before, 0 failed, 0 left\n',
  })
  expect(first.stderr).toMatch(new RegExp(`^5/5  ${pipeline}/2026-11-0\\d  Succeeded  `, 'm'))
  expect(batches()).toEqual(all)
  expect(most).toBe(2)
  const record = worker.runs.findLast((one) => one.pipeline === pipeline && one.batch === '2026-11-03')
  expect(record).toMatchObject({
    workflowId: `${pipeline}/2026-11-03`,
    triggerType: 'Backfill',
    parameters: { batch: '2026-11-03', windowEnd: '2026-11-04T00:00:00Z', day: 'Tuesday' },
  })
  const { typedSearchAttributes } = await worker.client.workflow
    .getHandle(`${pipeline}/2026-11-03`)
    .describe()
  const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])
  expect(attributes).toContainEqual(['window', '2026-11-03T00:00:00Z'])

  const second = await backfill('--to', '2026-11-07', '--json')
  expect(JSON.parse(second.stdout)).toMatchObject({
    windows: 6,
    succeeded: 1,
    skipped: 5,
    failed: 0,
    left: 0,
  })
  expect(batches()).toEqual([...all, '2026-11-06'])
})

test('leaves out what the warehouse remembers, unless it is asked to run again', async () => {
  const { home, pipeline, factory, backfill, batches } = await installation()
  const warehouse = await openSqliteWarehouse(join(home, 'warehouse.db'))
  const row = {
    run_id: 'old',
    group_id: 'old',
    workflow_id: 'old',
    factory: factory.name,
    environment: 'dev',
    pipeline,
    plan_hash: '',
    batch: '2026-11-01',
    parameters: '{}',
    trigger_type: 'Manual',
    trigger_name: 'Manual',
    status: 'Succeeded',
    run_start: '2026-11-02T00:00:00Z',
    run_end: '2026-11-02T00:00:01Z',
  }
  const values = new Map(Object.entries(row))
  await warehouse.upsert(pipelineRunsTable, [
    pipelineRunsTable.columns.map(({ name }) => values.get(name) ?? null),
  ])
  await warehouse.close()
  expect((await backfill('--to', '2026-11-03')).stdout).toBe(
    '2 windows: 1 succeeded, 1 had succeeded before, 0 failed, 0 left\n',
  )
  expect(batches()).toEqual(['2026-11-02'])
  expect((await backfill('--to', '2026-11-03', '--again')).stdout).toBe(
    '2 windows: 2 succeeded, 0 had succeeded before, 0 failed, 0 left\n',
  )
  expect(batches()).toEqual(['2026-11-01', '2026-11-02', '2026-11-02'])
})

test('a failed window keeps no other from running and is run by the next backfill', async () => {
  const { backfill, batches } = await installation()
  broken = new Set(['2026-11-02'])
  const first = await backfill('--to', '2026-11-04')
  expect(first).toMatchObject({
    code: 1,
    stdout: '3 windows: 2 succeeded, 0 had succeeded before, 1 failed, 0 left\n',
  })
  expect(first.stderr).toContain('2026-11-02 is broken')
  broken = new Set()
  const second = await backfill('--to', '2026-11-04')
  expect(second).toMatchObject({
    code: 0,
    stdout: '3 windows: 1 succeeded, 2 had succeeded before, 0 failed, 0 left\n',
  })
  expect(batches()).toEqual(['2026-11-01', '2026-11-02', '2026-11-02', '2026-11-03'])
})

test('killed in the middle, the same command joins what runs and does the rest', async () => {
  const { backfill, args, environment, batches } = await installation()
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  gate = (batch) => (batch === '2026-11-01' ? Promise.resolve() : released)
  const entry = join(import.meta.dirname, '../../clients/cli/headrace.ts')
  const killed = spawn(process.execPath, [entry, ...args('--to', '2026-11-05')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await once(createInterface(killed.stderr), 'line')
  while (batches().length < 2 && killed.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 10))
  killed.kill('SIGKILL')
  await once(killed, 'exit')

  const again = backfill('--to', '2026-11-05')
  release()
  expect(await again).toMatchObject({ code: 0 })
  expect(batches()).toEqual(['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'])
})

test.each([
  [
    ['--to', '2026-11-04', '--param', 'batch=mine'],
    '--param batch is not for a backfill: each window has its own batch, its start',
  ],
  [
    ['--to', '2026-11-04', '--concurrency', '0'],
    '--concurrency is "0"; allowed: a whole number from 1 to 100',
  ],
  [[], 'A backfill needs its range: --from 2026-11-01 --to 2026-11-21'],
])('backfill %j starts nothing', async (more, message) => {
  const { backfill, batches } = await installation()
  expect(await backfill(...more)).toMatchObject({ code: 2, stdout: '', stderr: `${message}\n` })
  expect(batches()).toEqual([])
})

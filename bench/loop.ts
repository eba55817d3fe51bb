import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { endProcess } from '../clients/dev/process-identity.ts'
import { obtainTemporal } from '../clients/dev/temporal-program.ts'
import { startTemporalServer } from '../clients/dev/temporal-server.ts'
import { manualTrigger } from '../clients/start/start-run.ts'
import { loadSettings } from '../config/settings.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { payloadStorage } from '../lake/payload-storage.ts'
import { forEach, pipeline, plan, work } from '../test/support/plans.ts'
import { openSqliteWarehouse } from '../warehouse/sqlite/sqlite-warehouse.ts'
import { executionsOf } from './engine/executions.ts'
import type { Memory } from './loop/side.ts'
import { Report, size, timed } from './report.ts'

/**
 * A ForEach over very many items of one activity that does nothing, 50 at once, beside a batch workflow by hand that gives each thousand to a child: half of
 * the items by hand, all of them as a pipeline, the other half by hand. `npm run bench:loop -- [--items 100000] [--samples 20]`
 */
const items = size('items', 100_000)
const samples = size('samples', 20)
const [window, chunk, longestHistory, mostGrowth] = [50, 1_000, 10_000, 1.2]
// At least 0.8 of the rate.
const target = 1 / 0.8
const settings = loadSettings()
const looped = plan([
  pipeline('loop', [
    forEach('L', `@range(0, ${items})`, [work('A', { n: '@item()' })], { batchCount: window }),
  ]),
])

const report = new Report('loop', { items, 'at once': window, 'by hand, items a child': chunk })
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const server = await startTemporalServer({
  program: await obtainTemporal(settings, (line) => console.log(line)),
  folder: join(home, 'temporal'),
  logFile: join(home, 'temporal.log'),
  namespace: 'default',
  port: null,
  uiPort: null,
})
const sides = await Promise.all([side('pipeline'), side('by-hand')])
const connection = await Connection.connect({ address: server.address })
try {
  await run()
} finally {
  await connection.close()
  for (const one of sides) one.kill('SIGKILL')
  await endProcess(server)
  await rm(home, { recursive: true, force: true })
}
report.end()

async function run(): Promise<void> {
  const [worker] = sides
  const half = Math.ceil(items / 2)
  await byHand(Math.min(half, 2_000))
  const first = await timed(() => byHand(half))
  const before = await memoryOf(worker)
  let workflowId = ''
  const series: Memory[] = []
  const measured = await timed(async () => {
    const ended = new AbortController()
    const watching = watch(worker, series, ended.signal)
    workflowId = await asPipeline()
    ended.abort()
    await watching
  })
  const second = await timed(() => byHand(items - half))
  report.compared(`ForEach of ${items} items, ${window} at once`, [first + second], [measured], target)
  report.figure('  by hand', items / ((first + second) / 1000), 'items/s')
  report.figure('  headrace', items / (measured / 1000), 'items/s')
  showMemory(before, series)
  await check(workflowId)
}

async function check(workflowId: string): Promise<void> {
  const executions = await executionsOf(connection, workflowId)
  const longest = Math.max(...executions.map(({ events }) => events))
  report.figure('longest history of all', longest, 'events')
  report.figure('executions', executions.length, 'workflows')
  const vain = executions.reduce((sum, { failedTasks }) => sum + failedTasks, 0)
  report.figure('workflow tasks done in vain', vain, 'tasks')
  if (longest > longestHistory) report.failed(`a history has ${longest} events`)
  const warehouse = await openSqliteWarehouse(join(home, 'warehouse.db'))
  const [row] = await warehouse.query(
    `SELECT count(*) AS n, count(DISTINCT iteration_path) AS places FROM activity_runs WHERE activity = 'A'`,
  )
  await warehouse.close()
  report.figure('rows of activity_runs', Number(row?.['n']), 'rows')
  if (Number(row?.['n']) !== items || Number(row?.['places']) !== items)
    report.failed(
      `${items} iterations have ${Number(row?.['n'])} rows, ${Number(row?.['places'])} iterations have one`,
    )
}

/** Growth counts from a quarter of the way, when caches are filled. */
function showMemory(before: Memory, series: readonly Memory[]): void {
  const mb = (bytes: number) => Math.round(bytes / 1e6)
  const shown = Array.from({ length: samples }, (_, n) => series[Math.floor((n * series.length) / samples)])
  const line = (of: keyof Memory) => shown.map((memory) => mb(memory?.[of] ?? 0)).join(' ')
  console.log(`worker before: RSS ${mb(before.rss)} MB, heap of its main thread ${mb(before.heap)} MB`)
  console.log(`RSS in MB while it ran: ${line('rss')}`)
  console.log(`heap of its main thread: ${line('heap')}`)
  const later = series.slice(Math.floor(series.length / 4)).map(({ rss }) => rss)
  const half = Math.ceil(later.length / 2)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const growth = mean(later.slice(half)) / mean(later.slice(0, half))
  report.figure('RSS at most', mb(Math.max(...series.map(({ rss }) => rss))), 'MB')
  report.figure('RSS of the last three eighths / of the three before', growth, 'x')
  if (growth > mostGrowth) report.failed(`the worker's memory grew by ${growth.toFixed(2)}`)
}

async function watch(worker: ChildProcess, series: Memory[], ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    series.push(await memoryOf(worker))
    await sleep(500, null, { signal: ended }).catch(() => {})
  }
}

async function memoryOf(worker: ChildProcess): Promise<Memory> {
  worker.send('memory')
  const [memory]: Memory[] = await once(worker, 'message')
  if (memory === undefined) throw new TypeError('The worker did not say how much memory it has')
  return memory
}

async function side(name: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'loop/side.ts')
  const child = fork(program, [name, server.address, home, settings.cache], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return child
}

async function byHand(count: number): Promise<void> {
  const client = new Client({ connection })
  await client.workflow.execute('batch', {
    taskQueue: 'by-hand',
    workflowId: crypto.randomUUID(),
    args: [count, chunk, window],
  })
}

async function asPipeline(): Promise<string> {
  const client = new Client({
    connection,
    dataConverter: payloadStorage(new LocalLake({ root: join(home, 'lake') })),
  })
  const workflowId = crypto.randomUUID()
  const input = {
    plan: looped,
    pipeline: looped.pipeline,
    parameters: {},
    trigger: manualTrigger,
    invokedBy: null,
    groupId: null,
    chain: false,
  }
  await client.workflow.execute(looped.pipeline, { taskQueue: 'pipeline', workflowId, args: [input] })
  return workflowId
}

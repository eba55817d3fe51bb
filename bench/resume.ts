import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { endProcess, isAlive } from '../clients/dev/process-identity.ts'
import { obtainTemporal } from '../clients/dev/temporal-program.ts'
import { startTemporalServer, type TemporalServer } from '../clients/dev/temporal-server.ts'
import { manualTrigger } from '../clients/start/start-run.ts'
import { loadSettings } from '../config/settings.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { payloadStorage } from '../lake/payload-storage.ts'
import { pipeline, plan, work } from '../test/support/plans.ts'
import { Report, size } from './report.ts'

/**
 * Server and worker are killed in the middle of step 5 of a chain of 10 and started again two seconds later: how long from the
 * start of the restart until the step goes on? `npm run bench:resume -- [--rounds 3]`
 */
const rounds = size('rounds', 3)
const [steps, countsOfStep, killedAt] = [10, 20, 90]
const settings = loadSettings()
const chain = plan([
  pipeline(
    'resume',
    Array.from({ length: steps }, (_, n) =>
      work(`A${n}`, { to: countsOfStep }, { after: n === 0 ? [] : [`A${n - 1}`] }),
    ),
  ),
])

const report = new Report('resume', { rounds, steps, 'seconds down': 2 })
for (let round = 0; round < rounds; round += 1) {
  const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
  let server = await serve(home, null)
  let worker = await startWorkerProcess(home, server)
  try {
    await start(home, server)
    await until(home, killedAt)
    worker.kill('SIGKILL')
    process.kill(server.pid, 'SIGKILL')
    while (isAlive(server)) await sleep(10)
    const before = await counted(home)
    await sleep(2000)
    const begun = performance.now()
    server = await serve(home, Number(server.address.split(':')[1]))
    worker = await startWorkerProcess(home, server)
    report.figure('both processes are back', performance.now() - begun, 'ms')
    await until(home, before + 1)
    report.figure('the killed step goes on', performance.now() - begun, 'ms')
  } finally {
    worker.kill('SIGKILL')
    await endProcess(server)
    await rm(home, { recursive: true, force: true })
  }
}
report.end()

async function serve(home: string, port: number | null): Promise<TemporalServer> {
  return startTemporalServer({
    program: await obtainTemporal(settings, (line) => console.log(line)),
    folder: join(home, 'temporal'),
    logFile: join(home, 'temporal.log'),
    namespace: 'default',
    port,
    uiPort: null,
  })
}

/** Resolves once it polls. Its activity writes a line into the file `steps` every 50 ms. */
async function startWorkerProcess(home: string, { address }: TemporalServer): Promise<ChildProcess> {
  const program = join(import.meta.dirname, '../test/support/counting-worker.ts')
  const child = spawn(process.execPath, [program, address, 'resume', home, settings.cache], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  return child
}

async function start(home: string, { address }: TemporalServer): Promise<void> {
  const connection = await Connection.connect({ address })
  const client = new Client({
    connection,
    dataConverter: payloadStorage(new LocalLake({ root: join(home, 'lake') })),
  })
  await client.workflow.start(chain.pipeline, {
    taskQueue: 'resume',
    workflowId: 'resume',
    args: [
      {
        plan: chain,
        pipeline: chain.pipeline,
        parameters: {},
        trigger: manualTrigger,
        invokedBy: null,
        groupId: null,
        chain: false,
      },
    ],
  })
  await connection.close()
}

async function counted(home: string): Promise<number> {
  try {
    return (await readFile(join(home, 'steps'), 'utf8')).split('\n').length - 1
  } catch {
    // Not begun.
    return 0
  }
}

async function until(home: string, lines: number): Promise<void> {
  while ((await counted(home)) < lines) await sleep(20)
}

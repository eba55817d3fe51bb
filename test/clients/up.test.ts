import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findByArguments, isAlive } from '../../clients/dev/process-identity.ts'
import { restartStack } from '../../clients/dev/stack.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { workerEntry } from '../../clients/dev/worker-process.ts'
import { childEnvironment, homeFolders, loadSettings } from '../../config/settings.ts'
import { headrace, newHome } from './headrace.ts'

const entry = join(import.meta.dirname, '../../clients/cli/headrace.ts')
const opened: string[] = []

afterEach(async () => {
  for (const home of opened.splice(0)) await headrace(['down', '--home', home])
})

it(
  'in the foreground brings back what dies, and takes all along on Ctrl-C',
  { timeout: 180_000 },
  async () => {
    const home = newHome()
    opened.push(home)
    const up = await foreground(home)
    const before = readStack(homeFolders(home))
    if (before.worker === null || before.temporal === null) throw new Error(`nothing runs: ${up.stderr()}`)

    process.kill(before.worker.pid, 'SIGKILL')
    await expect
      .poll(() => readStack(homeFolders(home)).worker?.pid ?? before.worker?.pid, { timeout: 60_000 })
      .not.toBe(before.worker.pid)
    expect(up.stderr()).toContain('The worker ended; starting again …')
    expect(readStack(homeFolders(home)).temporal).toEqual(before.temporal)

    up.process.kill('SIGINT')
    expect(await up.ended).toEqual([0, null])
    expect(readStack(homeFolders(home))).toEqual({ tenure: null, temporal: null, worker: null })
    expect(isAlive(before.temporal)).toBe(false)
  },
)

it('detached goes on without the command, is found by the next one, and is stopped by down', async () => {
  const home = newHome()
  opened.push(home)
  const [first, second] = await Promise.all([
    headrace(['up', '--detach', '--json', '--home', home]),
    headrace(['up', '--detach', '--json', '--home', home]),
  ])
  expect(first.code, first.stderr).toBe(0)
  expect(JSON.parse(second.stdout)).toEqual(JSON.parse(first.stdout))
  expect(await headrace(['runs', '--home', home])).toEqual({
    code: 0,
    stdout: 'No runs. Start one with: headrace run bronze_ingest\n',
    stderr: '',
  })
  expect((await headrace(['down', '--home', home])).stdout).toBe('Stopped: worker and Temporal.\n')
  expect((await headrace(['runs', '--home', home])).code).toBe(3)
})

it(
  'in the foreground ends when another command stops the stack, and leaves alone what is started after that',
  { timeout: 180_000 },
  async () => {
    const home = newHome()
    opened.push(home)
    const up = await foreground(home)
    expect(serversOf(home)).toHaveLength(1)
    const down = headrace(['down', '--home', home])
    // As a demo in the same home does: at once again.
    const again = down.then(() => headrace(['up', '--detach', '--home', home]))
    expect(await up.ended).toEqual([0, null])
    expect(up.stderr()).toContain('Another command stopped them, or started them anew; this one ends.')
    expect((await down).stdout).toBe('Stopped: worker and Temporal.\n')
    expect((await again).code).toBe(0)
    expect(serversOf(home)).toEqual([readStack(homeFolders(home)).temporal?.pid])
    expect((await headrace(['down', '--home', home])).stdout).toBe('Stopped: worker and Temporal.\n')
    expect(serversOf(home)).toEqual([])
  },
)

it('a stack that somebody has stopped is not started again by who watched it', async () => {
  const home = newHome()
  opened.push(home)
  await headrace(['up', '--detach', '--home', home])
  const { tenure } = readStack(homeFolders(home))
  const settings = loadSettings({ flags: { HEADRACE_HOME: home }, ignore: ['HEADRACE_TEMPORAL_ADDRESS'] })
  const silent = () => {}
  // Both want the lock at once, in either order.
  const [, restarted] = await Promise.all([
    headrace(['down', '--home', home]),
    (async () => {
      while (readStack(homeFolders(home)).worker !== null) await new Promise(setImmediate)
      return restartStack(settings, tenure ?? '', silent)
    })(),
  ])
  expect(restarted).toBeNull()
  expect(serversOf(home)).toEqual([])
})

it.each([
  {
    what: 'Temporal',
    isUnrecorded: (home: string) =>
      serversOf(home).length === 1 && readStack(homeFolders(home)).temporal === null,
  },
  {
    what: 'the worker',
    isUnrecorded: (home: string) =>
      findByArguments([workerEntry, home]).length === 1 && readStack(homeFolders(home)).worker === null,
  },
])(
  'killed after it has spawned $what and before it has noted its process id leaves no second one behind',
  async ({ isUnrecorded }) => {
    const home = newHome()
    opened.push(home)
    const up = spawn(process.execPath, [entry, 'up', '--detach', '--home', home], {
      env: childEnvironment({ HEADRACE_TEMPORAL_ADDRESS: null }),
      stdio: 'ignore',
    })
    const ended = once(up, 'close')
    await expect.poll(() => isUnrecorded(home), { timeout: 60_000, interval: 5 }).toBe(true)
    up.kill('SIGKILL')
    await ended
    const again = await headrace(['up', '--detach', '--home', home])
    expect(again.code, again.stderr).toBe(0)
    const { temporal, worker } = readStack(homeFolders(home))
    expect(serversOf(home)).toEqual([temporal?.pid])
    expect(findByArguments([workerEntry, home])).toMatchObject([{ pid: worker?.pid }])
  },
  120_000,
)

async function foreground(home: string) {
  const up = spawn(process.execPath, [entry, 'up', '--home', home], {
    env: childEnvironment({ HEADRACE_TEMPORAL_ADDRESS: null }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  up.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  up.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(up, 'close')
  await expect.poll(() => stdout, { timeout: 60_000 }).toContain('Stop with Ctrl-C.')
  return { process: up, stderr: () => stderr, ended }
}

/** Processes that have the home's Temporal database on their command line. */
function serversOf(home: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const file = join(home, 'temporal', 'temporal.db')
  return lines.filter((line) => line.includes(file)).map((line) => Number.parseInt(line, 10))
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { isAlive } from '../../clients/dev/process-identity.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { childEnvironment, homeFolders } from '../../config/settings.ts'
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
    const before = readStack(homeFolders(home))
    if (before.worker === null || before.temporal === null) throw new Error(`nothing runs: ${stderr}`)

    process.kill(before.worker.pid, 'SIGKILL')
    await expect
      .poll(() => readStack(homeFolders(home)).worker?.pid ?? before.worker?.pid, { timeout: 60_000 })
      .not.toBe(before.worker.pid)
    expect(stderr).toContain('The worker ended; starting again …')
    expect(readStack(homeFolders(home)).temporal).toEqual(before.temporal)

    up.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    expect(readStack(homeFolders(home))).toEqual({ temporal: null, worker: null })
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

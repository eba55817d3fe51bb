import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, expect, it } from 'vitest'
import { endProcess, isAlive } from '../../clients/dev/process-identity.ts'
import { startTemporal, stopStack } from '../../clients/dev/stack.ts'
import { readStack } from '../../clients/dev/stack-state.ts'
import { loadSettings, type Settings } from '../../config/settings.ts'
import { newHome } from './headrace.ts'

const silent = () => {}
const opened: Settings[] = []

function home(): Settings {
  const settings = loadSettings({
    environment: { ...process.env, HEADRACE_HOME: newHome(), HEADRACE_TEMPORAL_ADDRESS: '' },
  })
  opened.push(settings)
  return settings
}

afterEach(async () => {
  for (const settings of opened.splice(0)) await stopStack(settings.home, silent)
})

it('lets two homes have a server each, and finds each again', async () => {
  const [first, second] = [home(), home()]
  const [one, other] = await Promise.all([startTemporal(first, silent), startTemporal(second, silent)])
  expect(one?.address).not.toBe(other?.address)
  expect(one?.ui).not.toBe(other?.ui)
  expect(readStack(first.home).temporal).toEqual(one)
  expect(await startTemporal(first, silent)).toEqual(one)
  for (const server of [one, other]) expect((await fetch(server?.ui ?? '')).status).toBe(200)
  await stopStack(first.home, silent)
  expect(readStack(first.home).temporal).toBeNull()
  const connection = await Connection.connect({ address: other?.address ?? '' })
  await connection.close()
  expect(readdirSync(first.home.root).sort()).toEqual(['logs', 'run', 'temporal'])
})

it('sees that a server was killed, and brings it back on the same ports with what it knew', async () => {
  const settings = home()
  const before = await startTemporal(settings, silent)
  if (before === null) throw new Error('no server')
  const connection = await Connection.connect({ address: before.address })
  const started = await new Client({ connection }).workflow.start('bronze_ingest', {
    workflowId: 'bronze_ingest/kept',
    taskQueue: 'nobody',
  })
  await connection.close()
  process.kill(before.pid, 'SIGKILL')
  await endProcess(before)
  expect(isAlive(before)).toBe(false)
  expect(readStack(settings.home).temporal).toBeNull()
  const after = await startTemporal(settings, silent)
  expect(after).toMatchObject({ address: before.address, ui: before.ui })
  const again = await Connection.connect({ address: before.address })
  const found = await new Client({ connection: again }).workflow.getHandle('bronze_ingest/kept').describe()
  await again.close()
  expect(found).toMatchObject({ runId: started.firstExecutionRunId, status: { name: 'RUNNING' } })
  expect(existsSync(join(settings.home.temporal, 'temporal.db'))).toBe(true)
})

it('refuses a port that is taken, with the variable that names it', async () => {
  const settings = home()
  const running = await startTemporal(settings, silent)
  const port = Number(running?.address.split(':')[1])
  await expect(startTemporal({ ...home(), temporalPort: port }, silent)).rejects.toThrow(
    `Port ${port} (HEADRACE_TEMPORAL_PORT) is taken; set another one, or unset it for a free one`,
  )
})

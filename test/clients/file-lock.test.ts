import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { withFileLock } from '../../clients/dev/file-lock.ts'
import { endProcess, identify, isAlive } from '../../clients/dev/process-identity.ts'

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'headrace-lock-')), 'lock')

it('lets one after the other work, and tells those who wait who holds the lock', async () => {
  const file = lockFile()
  const steps: string[] = []
  const holders: number[] = []
  const work = (name: string) => async () => {
    steps.push(`${name} begins`)
    await new Promise((resolve) => setImmediate(resolve))
    steps.push(`${name} ends`)
  }
  await Promise.all([
    withFileLock(file, work('a'), () => {}),
    withFileLock(file, work('b'), (holder) => holders.push(holder.pid)),
  ])
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(holders).toEqual([process.pid])
  expect(existsSync(file)).toBe(false)
})

it.each([
  { title: 'of a process that has ended', holder: async () => endedProcess() },
  {
    title: 'whose process id was given to another process',
    holder: async () => ({ pid: process.pid, mark: 'earlier' }),
  },
])('takes over a lock $title', async ({ holder }) => {
  const file = lockFile()
  writeFileSync(file, JSON.stringify(await holder()))
  expect(
    await withFileLock(
      file,
      async () => 'done',
      () => {},
    ),
  ).toBe('done')
})

it('takes over a lock without content, whose holder was killed, or met a full disk, before it wrote who it is', async () => {
  const file = lockFile()
  writeFileSync(file, '')
  const minuteAgo = new Date(Date.now() - 60_000)
  utimesSync(file, minuteAgo, minuteAgo)
  let entered = false
  await withFileLock(
    file,
    async () => void (entered = true),
    () => {},
  )
  expect(entered).toBe(true)
  expect(existsSync(file)).toBe(false)
})

it('lets one at a time in when many wait for a dead holder', async () => {
  const file = lockFile()
  writeFileSync(file, JSON.stringify(await endedProcess()))
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
  }
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(file, work, () => {})))
  expect(most).toBe(1)
  expect(readdirSync(dirname(file))).toEqual([])
})

it('ends a process that does not listen to SIGTERM', async () => {
  const child = spawn(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)",
  ])
  await once(child.stdout, 'data')
  const one = identify(child.pid ?? 0)
  if (one === null) throw new Error('the process is not there')
  expect(isAlive(one)).toBe(true)
  await endProcess(one, 100)
  expect(isAlive(one)).toBe(false)
})

async function endedProcess() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  const one = identify(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return one
}

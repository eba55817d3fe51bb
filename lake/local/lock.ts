import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, explainDiskError } from './disk-error.ts'

interface Owner {
  readonly host: string
  readonly process: number
  readonly token: string
}

/** A holder on another machine cannot be asked whether it lives; what it does under a lock takes milliseconds. */
const staleElsewhereMs = 60_000
const waitMs = 30_000

/**
 * Runs `work` while no other process does so for the same target. The lock is a file that is created exclusively and names its
 * owner; one whose process is gone is removed by one of those who wait.
 */
export async function withLock<T>(scratch: string, target: string, work: () => Promise<T>): Promise<T> {
  const file = join(scratch, `${createHash('sha256').update(target).digest('hex')}.lock`)
  const owner: Owner = { host: hostname(), process: process.pid, token: randomUUID() }
  await acquire(file, owner, target)
  try {
    return await work()
  } finally {
    if ((await readOwner(file))?.token === owner.token) await rm(file, { force: true })
  }
}

async function acquire(file: string, owner: Owner, target: string): Promise<void> {
  const deadline = Date.now() + waitMs
  for (let round = 0; ; round += 1) {
    try {
      await createLock(file, JSON.stringify(owner))
      return
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw explainDiskError(error, 'lock', target)
    }
    if (await breakStale(file)) continue
    if (Date.now() > deadline) {
      throw new Error(`${target} has been locked for ${waitMs / 1000} s by the owner named in ${file}`)
    }
    await sleep(Math.min(2 + round, 25) * (0.5 + Math.random()))
  }
}

/** A full disk may take the name but not the content: such a lock would keep everybody waiting for its unknown owner. */
async function createLock(file: string, content: string): Promise<void> {
  await using handle = await open(file, 'wx')
  try {
    await handle.writeFile(content)
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
}

/**
 * True when a lock of a dead owner was removed. Only who holds the lock's own `.breaking` file may remove it: else the second of two waiters
 * that saw the same dead owner would remove the lock that the first one has taken since.
 */
async function breakStale(file: string): Promise<boolean> {
  if (!(await isStale(file))) return false
  const breaking = `${file}.breaking`
  try {
    await writeFile(breaking, '', { flag: 'wx' })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    if ((await ageOf(breaking)) > staleElsewhereMs) await rm(breaking, { force: true })
    return false
  }
  try {
    if (!(await isStale(file))) return false
    await rm(file, { force: true })
    return true
  } finally {
    await rm(breaking, { force: true })
  }
}

async function isStale(file: string): Promise<boolean> {
  const owner = await readOwner(file)
  const age = await ageOf(file)
  // The owner is written right after the file is created: an empty lock is a fresh one, or its process died in between.
  if (owner === null || owner.host !== hostname()) return age > staleElsewhereMs
  const isFromBeforeBoot = age > uptime() * 1000
  return isFromBeforeBoot || !isRunning(owner.process)
}

/** Milliseconds since it was written; negative infinity where it is gone. */
async function ageOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null)
  return found === null ? -Infinity : Date.now() - found.mtimeMs
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    const owner: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isOwner(owner) ? owner : null
  } catch {
    return null
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'host' in value &&
    typeof value.host === 'string' &&
    'process' in value &&
    typeof value.process === 'number' &&
    'token' in value &&
    typeof value.token === 'string'
  )
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

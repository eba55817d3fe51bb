import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

const holderSchema = z.object({ pid: z.number().int(), mark: z.string() })

/**
 * Runs `work` while no other process of this machine holds the lock file. A lock whose holder has ended is taken over.
 * `onWait` is told once who holds it.
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (holder: ProcessIdentity) => void,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true })
  const me = identify(process.pid) ?? { pid: process.pid, mark: '' }
  let told = false
  for (;;) {
    if (tryCreate(file, JSON.stringify(me))) break
    const holder = readHolder(file)
    if (isAbandoned(file, holder) && breakLock(file, holder)) continue
    if (holder !== null && !told && isAlive(holder)) {
      told = true
      onWait(holder)
    }
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** A lock without a holder is being written, or whoever wrote it was killed in between. */
function isAbandoned(file: string, holder: ProcessIdentity | null): boolean {
  return holder === null ? ageMs(file) > abandonedAfterMs : !isAlive(holder)
}

/**
 * Removes the lock of a holder that has ended; one waiter at a time, and only while it is still that holder's: a second waiter would
 * remove the lock that the first has taken since.
 */
function breakLock(file: string, holder: ProcessIdentity | null): boolean {
  const turn = `${file}.breaking`
  if (!tryCreate(turn, '')) {
    // Whoever had the turn was killed in the middle of these few statements.
    if (ageMs(turn) > abandonedAfterMs) rmSync(turn, { force: true })
    return false
  }
  try {
    const now = readHolder(file)
    if (now?.pid !== holder?.pid || now?.mark !== holder?.mark) return false
    rmSync(file, { force: true })
    return true
  } finally {
    rmSync(turn, { force: true })
  }
}

const abandonedAfterMs = 5_000

function ageMs(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

function tryCreate(file: string, content: string): boolean {
  let handle: number
  try {
    handle = openSync(file, 'wx')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeFileSync(handle, content)
    return true
  } catch (error) {
    // A full disk takes the name but not the content; nobody could tell whose lock it is.
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(handle)
  }
}

/** Null: the file is gone, or its content is not written yet. */
function readHolder(file: string): ProcessIdentity | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'

/**
 * How long a writer waits for another process's transaction. Waiting happens between tries, not inside SQLite: its own busy handler would
 * stop the whole process, heartbeats included.
 */
const lockPatienceMs = 60_000
const lockPollMs = 20
/** Short waits inside SQLite: the moments in which WAL readers and openers exclude each other. */
const busyTimeoutMs = 100

/** Opens a database file for several processes at once: WAL, so that readers never wait for the writer. */
export async function openDatabase(file: string, options: { durable: boolean }): Promise<DatabaseSync> {
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
  try {
    await whenFree(() => {
      database.exec('PRAGMA journal_mode = WAL')
      // NORMAL loses nothing when a process dies; FULL also keeps the last commits when the machine does.
      database.exec(`PRAGMA synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`)
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** One write transaction without a pause in it: nothing else on this connection can come in between. */
export async function transaction<T>(database: DatabaseSync, work: () => T): Promise<T> {
  await begin(database)
  return settle(database, work)
}

/** One write transaction that may wait in between: only for a connection that nobody else uses. */
export async function longTransaction<T>(database: DatabaseSync, work: () => Promise<T>): Promise<T> {
  await begin(database)
  let result: T
  try {
    result = await work()
  } catch (error) {
    rollback(database)
    throw error
  }
  return settle(database, () => result)
}

/** Repeats what found the database locked by another process, up to `lockPatienceMs`. */
export async function whenFree<T>(work: () => T): Promise<T> {
  const deadline = performance.now() + lockPatienceMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    await sleep(lockPollMs * (0.5 + Math.random()))
  }
}

/** IMMEDIATE takes the write lock at once: a transaction that first read and then writes could not wait for it. */
function begin(database: DatabaseSync): Promise<void> {
  return whenFree(() => database.exec('BEGIN IMMEDIATE'))
}

function settle<T>(database: DatabaseSync, work: () => T): T {
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    rollback(database)
    throw error
  }
}

function rollback(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}

const sqliteBusy = 5
const sqliteConstraint = 19
const sqliteMismatch = 20

function isBusy(error: unknown): boolean {
  return primaryCode(error) === sqliteBusy
}

/** The database refused a value (NOT NULL, CHECK, type of a STRICT column). */
export function isRefusal(error: unknown): boolean {
  const code = primaryCode(error)
  return code === sqliteConstraint || code === sqliteMismatch
}

/** SQLite's primary result code: the low byte of the extended one. */
function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

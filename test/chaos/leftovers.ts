import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { Installation } from '../support/installation.ts'
import { outboxNotifier } from '../../notify/outbox.ts'
import { notification } from '../notify/notification.ts'
import { filesBelow } from './survey.ts'

const longAgo = new Date(Date.now() - 48 * 3_600_000)

/**
 * Unfinished files that stay for good. Kills leave some; the product clears them away later: so two days pass, a worker starts, a
 * command reads a table and a notification goes out. What then lies where unfinished files are written stays for good.
 */
export async function leftForGood(installation: Installation): Promise<string[]> {
  const { home } = installation
  const places = [join(home, 'lake/_tmp'), join(home, 'outbox'), join(home, 'duckdb'), join(home, 'run')]
  for (const place of places) age(place)
  await installation.up()
  await installation.headrace('query', 'SELECT count(*) FROM bronze.scans')
  await outboxNotifier(join(home, 'outbox')).send(notification, new AbortController().signal)
  await installation.down()
  return [
    ...filesBelow(join(home, 'lake/_tmp')).map((path) => `lake/_tmp/${path}`),
    ...filesBelow(join(home, 'outbox'))
      .filter((path) => !path.endsWith('.json'))
      .map((path) => `outbox/${path}`),
    ...filesBelow(join(home, 'duckdb')).map((path) => `duckdb/${path}`),
    ...filesBelow(join(home, 'run'))
      .filter((path) => /\.(unfinished|breaking|lock)$/.test(path))
      .map((path) => `run/${path}`),
  ]
}

function age(folder: string): void {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  for (const name of names) utimesSync(join(folder, name), longAgo, longAgo)
}

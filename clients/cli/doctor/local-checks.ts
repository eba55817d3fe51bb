import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Settings } from '../../../config/settings.ts'
import { openLake } from '../../start/open-lake.ts'
import { bytesText } from '../quantity.ts'
import { fail, ok, reasonOf, warn, type Check } from './check.ts'

/** Older ones do not run TypeScript as it is. */
const leastNode = 24

export function checkNode(version: string): Check {
  if (Number(version.split('.')[0]) >= leastNode) return ok('node', version)
  return fail('node', `${version}; Headrace needs ${leastNode} or later`, `install Node ${leastNode}`)
}

/** Creates an object if absent, twice: the second time must find the first. */
export async function checkLake(settings: Settings): Promise<Check> {
  const probe = `_tmp/doctor-${randomUUID()}`
  const folder = settings.home.lake
  try {
    const lake = await openLake(settings)
    try {
      const answers = [await lake.create(probe, ''), await lake.create(probe, '')]
      if (answers[0] === true && answers[1] === false) return ok('lake', `${folder} takes objects`)
      return fail(
        'lake',
        `${folder} does not keep create-if-absent: two creations answered ${answers.join(' and ')}`,
        'use a volume with hard links, such as ext4, xfs, APFS or NTFS',
      )
    } finally {
      await lake.delete(probe)
    }
  } catch (error) {
    return fail('lake', reasonOf(error), `let this user write to ${folder}, or set another home with --home`)
  }
}

export function checkInbox(settings: Settings): Check[] {
  const { inbox } = settings
  if (inbox === null) return []
  try {
    accessSync(inbox, constants.R_OK | constants.W_OK | constants.X_OK)
    return [ok('inbox', inbox)]
  } catch (error) {
    const fix = 'mount it, let this user read and write it, or correct HEADRACE_INBOX'
    return [fail('inbox', reasonOf(error), fix)]
  }
}

export async function checkWarehouse(settings: Settings): Promise<Check> {
  const file = settings.home.warehouse
  if (!existsSync(file)) return ok('warehouse', `${file} is not there yet; the first worker makes it`)
  try {
    const { openSqliteWarehouse } = await import('../../../warehouse/sqlite/sqlite-warehouse.ts')
    const warehouse = await openSqliteWarehouse(file)
    await warehouse.close()
    return ok('warehouse', `${file} opens`)
  } catch (error) {
    const fix =
      'let this user write to it; when it is damaged, take it away: `headrace run` with the same batches fills a new one'
    return fail('warehouse', `${file}: ${reasonOf(error)}`, fix)
  }
}

const scarceBytes = 5e9
const leastBytes = 500e6

/** Free space where the lake, DuckDB's spill files and Temporal's database lie. */
export function checkDisk(settings: Settings): Check {
  const folder = existing(settings.home.root)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const message = `${bytesText(free)} free at ${folder}`
  const fix = 'free some, or move the home to a larger volume'
  if (free < leastBytes) return fail('disk', message, fix)
  return free < scarceBytes ? warn('disk', message, fix) : ok('disk', message)
}

function existing(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : existing(dirname(folder))
}

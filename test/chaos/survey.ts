import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { contentOnly, tableContents } from '../support/table-content.ts'

/** What is there after a drop has gone through: all that must not depend on who was killed when. */
export interface Survey {
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly hash: string }>>
  /** Bronze objects, path → SHA-256; null for those that hold times of processing. */
  readonly objects: Readonly<Record<string, string | null>>
  readonly archived: readonly string[]
  readonly inbox: readonly string[]
  /** Titles of notifications, each once a deduplication key. */
  readonly notifications: readonly string[]
  /** Unfinished files, which must not stay for good. */
  readonly leftovers: readonly string[]
}

/** Objects that tell when a scan was processed. */
const timed = /processing_log\.json$/

/** Tables are compared by their rows; a batch's own notes hold the inbox files' times. */
const apart = /^(_tables|_batches)\//

export async function survey(home: string): Promise<Survey> {
  const lake = join(home, 'lake')
  return {
    tables: contentOnly(await tableContents(home)),
    objects: Object.fromEntries(
      filesBelow(join(lake, 'bronze'))
        .filter((path) => !apart.test(path))
        .map((path) => [path, timed.test(path) ? null : hashOf(join(lake, 'bronze', path))]),
    ),
    archived: filesBelow(join(lake, 'archive')),
    inbox: filesBelow(join(lake, 'inbox')),
    notifications: filesBelow(join(home, 'outbox'))
      .map(
        (path) => (JSON.parse(readFileSync(join(home, 'outbox', path), 'utf8')) as { title: string }).title,
      )
      .toSorted(),
    leftovers: filesBelow(join(lake, '_tmp')),
  }
}

/** What a survey after kills says otherwise than one without; empty when nothing was lost and nothing done twice. */
export function differences(expected: Survey, found: Survey): string[] {
  return [
    ...compareMaps('table', expected.tables, found.tables),
    ...compareMaps('bronze object', expected.objects, found.objects),
    ...compareLists('archived file', expected.archived, found.archived),
    ...compareLists('inbox file', expected.inbox, found.inbox),
    ...compareLists('notification', expected.notifications, found.notifications),
  ]
}

function compareMaps(
  what: string,
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted()
  return names.flatMap((name) => {
    const [before, after] = [JSON.stringify(expected[name]), JSON.stringify(found[name])]
    return before === after
      ? []
      : [`${what} ${name}: ${before ?? 'none'} undisturbed, ${after ?? 'none'} here`]
  })
}

function compareLists(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const count = (list: readonly string[]): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(list, (name) => name)].map(([name, all]) => [name, all.length]))
  return compareMaps(what, count(expected), count(found))
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .toSorted()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

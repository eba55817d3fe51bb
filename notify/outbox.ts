import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notifier } from './notifier.ts'

/**
 * A file a notification: `<folder>/<trigger time>-<deduplication key>.json`, complete from the moment it is there. A repetition finds its
 * file and leaves it alone.
 */
export function outboxNotifier(folder: string): Notifier {
  return {
    name: 'outbox',
    async send(notification) {
      await mkdir(folder, { recursive: true })
      await removeAbandoned(folder, Date.now() - abandonedAfterMs)
      const time = notification.triggerTime.replaceAll(/[^0-9TZ]/g, '')
      const file = join(folder, `${time}-${notification.deduplicationKey}.json`)
      const unfinished = join(folder, `.${randomUUID()}.tmp`)
      try {
        await writeFile(unfinished, `${JSON.stringify(notification, null, 2)}\n`, { flush: true })
        await link(unfinished, file)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      } finally {
        await rm(unfinished, { force: true })
      }
    },
  }
}

/** Writing one takes milliseconds. */
const abandonedAfterMs = 3_600_000

/** Removes what killed processes left unfinished. */
async function removeAbandoned(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^\..*\.tmp$/.test(name)) continue
    const found = await stat(join(folder, name)).catch(() => null)
    if (found !== null && found.mtimeMs < before) await rm(join(folder, name), { force: true })
  }
}

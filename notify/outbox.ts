import { randomUUID } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
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

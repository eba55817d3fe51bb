import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { Lake } from '../../lake/lake.ts'

/** The lake of a home, with the inbox mounted as the worker does. */
export async function openLake(settings: Settings): Promise<Lake> {
  const { LocalLake } = await import('../../lake/local/local-lake.ts')
  return new LocalLake({
    root: settings.home.lake,
    mounts: settings.inbox === null ? {} : { inbox: settings.inbox },
  })
}

/** The factory that comes with Headrace. */
export function factoryFolder(settings: Settings): string {
  return settings.factory ?? join(import.meta.dirname, '../../factories/gelsight')
}

import { randomUUID } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import type { Settings } from '../../config/settings.ts'
import { findRun } from '../cli/find-run.ts'
import { jsonText } from '../cli/terminal.ts'
import { openRecordedRun } from './open-recorded-run.ts'
import { activityObjects } from './trace-lines.ts'

/** Writes every expression of a run that has ended, one JSON object a line; returns the file, which is there only when it is complete. */
export async function writeTrace(client: Client, settings: Settings, runId: string): Promise<string> {
  const { run } = await openRecordedRun(client, settings, await findRun(client, runId))
  const folder = join(settings.home.root, '_traces')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${runId}.jsonl`)
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx')
  try {
    for (const one of run.activities)
      for (const object of activityObjects(run, one)) await file.write(`${jsonText(object)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  return path
}

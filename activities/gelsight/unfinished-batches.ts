import type { Lake } from '../../lake/lake.ts'
import { batchFolder, calibrationsDonePath, findObject, type Manifest } from './batch-files.ts'
import { rowsClaim } from './bronze-objects.ts'
import { calibrationOutcomes } from './ingest-calibrations.ts'
import { readResult } from './scan-chunk.ts'

/** Marks that a batch has brought everything to bronze. */
function endedPath(batch: string): string {
  return `${batchFolder(batch)}/ended.json`
}

export async function markEnded(lake: Lake, batch: string): Promise<void> {
  await lake.create(endedPath(batch), `${JSON.stringify({ batch })}\n`)
}

/**
 * Other batches that own the rows of what is a duplicate here, and have not ended, sorted: one that still runs will, one that stopped must be run
 * again, since nobody else brings those rows.
 */
export async function unfinishedOwners(lake: Lake, manifest: Manifest): Promise<string[]> {
  const ended = new Map<string, boolean>([[manifest.batch, true]])
  const hasEnded = async (batch: string): Promise<boolean> => {
    const known = ended.get(batch) ?? (await lake.stat(endedPath(batch))) !== null
    ended.set(batch, known)
    return known
  }
  const unfinished = new Set<string>()
  const look = async (target: string): Promise<void> => {
    const owner = await findObject(lake, `${target}/rows.json`, rowsClaim)
    if (owner !== null && !(await hasEnded(owner.batch))) unfinished.add(owner.batch)
  }
  for (const chunk of manifest.chunks) {
    for (const { outcome, target, committedBy } of await readResult(lake, manifest, chunk.index)) {
      if (outcome !== 'duplicate' || target === null || committedBy === null) continue
      // Whose commit it is has nearly always brought the rows too: of thousands of duplicates none is opened then.
      if (!(await hasEnded(committedBy))) await look(target)
    }
  }
  const done = await findObject(lake, calibrationsDonePath(manifest.batch), calibrationOutcomes)
  for (const { outcome, target } of done?.calibrations ?? [])
    if (outcome === 'duplicate' && target !== null) await look(target)
  return [...unfinished].sort()
}

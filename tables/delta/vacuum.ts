import type { DeltaLog } from './log.ts'
import { lakePath } from './paths.ts'

export interface Vacuum {
  /**
   * What a reader or writer of this age may still need stays: versions that were current within it stay readable, and so do the
   * files of a build under way.
   * @default 7 days
   */
  readonly windowMs?: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** Only say what would go. */
  readonly dryRun?: boolean
}

export interface Vacuumed {
  readonly files: number
  readonly bytes: number
}

const week = 7 * 24 * 3600 * 1000

/**
 * Deletes files of the table that no version within the window needs: those that commits removed before it, and those that a
 * crash left behind, when they are older than it. The log is left alone, as are folders that start with `_`. May be
 * repeated and interrupted.
 */
export async function vacuum(
  log: DeltaLog,
  { windowMs = week, now, dryRun = false }: Vacuum,
): Promise<Vacuumed> {
  const start = now - windowMs
  const listed = []
  for await (const object of log.lake.list(log.folder)) {
    const inside = object.path.slice(log.folder.length + 1)
    if (!inside.startsWith('_') && object.modified.getTime() < start) listed.push(object)
  }
  // After the listing: what a commit names since then is known, what it has not yet named is young.
  const needed = await neededSince(log, start)
  let bytes = 0
  let files = 0
  for (const { path, size } of listed) {
    if (needed.has(path)) continue
    if (!dryRun) await log.lake.delete(path)
    files += 1
    bytes += size
  }
  return { files, bytes }
}

/** Paths of the newest version and of all that were current at `start` or later. */
async function neededSince(log: DeltaLog, start: number): Promise<Set<string>> {
  const snapshot = await log.latest()
  const paths = [...snapshot.files.keys()]
  for (const { path, deletionTimestamp } of snapshot.tombstones.values()) {
    if ((deletionTimestamp ?? 0) >= start) paths.push(path)
  }
  // Checkpoints forget tombstones after a week; a longer window asks the entries themselves, which say when they were written.
  for (let version = snapshot.version; version >= 0; version--) {
    const entry = await log.entry(version)
    const removed = entry?.flatMap((one) => (one.remove == null ? [] : [one.remove])) ?? []
    const written = entry?.find((one) => one.commitInfo?.timestamp !== undefined)?.commitInfo?.timestamp
    paths.push(
      ...removed.filter((one) => (one.deletionTimestamp ?? written ?? 0) >= start).map((one) => one.path),
    )
    if (entry === null || (written !== undefined && written < start)) break
  }
  return new Set(paths.map((path) => lakePath(log.folder, path)))
}

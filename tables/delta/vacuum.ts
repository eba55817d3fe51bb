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
 * repeated and interrupted. When a version was current is told by the clocks of its writers; one that was set back for a while makes nothing older
 * than the versions before it.
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
  const needed = await neededSince(log, start, now)
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
async function neededSince(log: DeltaLog, start: number, now: number): Promise<Set<string>> {
  const snapshot = await log.latest()
  const paths = [...snapshot.files.keys()]
  const times = await commitTimes(log)
  const [oldest = 0] = times.keys()
  // What was removed by entries that somebody has cleaned away is known from the checkpoint only, for a week.
  for (const { path, deletionTimestamp } of oldest === 0 ? [] : snapshot.tombstones.values()) {
    if ((deletionTimestamp ?? 0) >= start) paths.push(path)
  }
  const ends = endTimes([...times.values()], now)
  for (const [index, version] of [...times.keys()].entries()) {
    if ((ends[index] ?? now) < start) continue
    for (const { remove } of (await log.entry(version)) ?? []) if (remove != null) paths.push(remove.path)
  }
  return new Set(paths.map((path) => lakePath(log.folder, path)))
}

/** Version → what its writer's clock said, oldest first; null where the entry does not tell. */
async function commitTimes(log: DeltaLog): Promise<Map<number, number | null>> {
  const times = new Map<number, number | null>()
  for await (const { path } of log.lake.list(`${log.folder}/_delta_log`)) {
    const version = /\/(\d{20})\.json$/.exec(path)?.[1]
    if (version === undefined) continue
    times.set(Number(version), (await log.commitInfo(Number(version)))?.timestamp ?? null)
  }
  return times
}

/**
 * Since when each commit is there at the latest. Versions are in order, clocks of their writers need not be: a commit cannot be older
 * than one before it, and a time that has not come yet says nothing, so the next one's that has come stands for it.
 */
export function endTimes(written: readonly (number | null)[], now: number): number[] {
  let latest = -Infinity
  const known = written.map((time) => {
    const isKnown = time !== null && time <= now
    if (isKnown) latest = Math.max(latest, time)
    return isKnown ? latest : null
  })
  let next = now
  return known
    .toReversed()
    .map((time) => (next = time ?? next))
    .toReversed()
}

import { type Lake, LakeNotFound } from '../../lake/lake.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { type CommitInfo, type action, parseActions } from './actions.ts'
import { readCheckpoint, readLastCheckpoint } from './checkpoint.ts'
import { entryPath } from './paths.ts'
import { type Snapshot, emptySnapshot, replay } from './snapshot.ts'
import type { z } from 'zod'

/** A log entry holds one action a touched file: far below this. */
const entryLimit = 1024 ** 3

interface Cached {
  readonly snapshot: Snapshot
  /** Of the snapshot's last entry: tells a table that was deleted and made again from the one that was read. */
  readonly etag: string
}

/** Snapshots already read, by lake and table folder, so that a read costs only what was committed since. */
const caches = new WeakMap<Lake, Map<string, Cached>>()

/** The log of one Delta table. */
export class DeltaLog {
  readonly lake: Lake
  readonly duckdb: DuckDb
  /** Of the table in the lake, e.g. `silver/dim_device`. */
  readonly folder: string

  constructor(lake: Lake, duckdb: DuckDb, folder: string) {
    this.lake = lake
    this.duckdb = duckdb
    this.folder = folder
  }

  /** The newest version; `emptySnapshot` where there is no table. */
  async latest(): Promise<Snapshot> {
    const start = (await this.#cached()) ?? (await this.#fromCheckpoint())
    const snapshot = await this.#forward(start, Infinity)
    if (snapshot.version >= 0) await this.#remember(snapshot)
    return snapshot
  }

  /** The table as it was at a version. Throws a RangeError where the log does not hold it. */
  async at(version: number): Promise<Snapshot> {
    const snapshot = await this.#forward(await this.#before(version), version)
    if (snapshot.version !== version) {
      throw new RangeError(
        `${this.folder} has no version ${version}; the newest is ${(await this.latest()).version}`,
      )
    }
    return snapshot
  }

  /** Actions of one entry; null where it is not there. */
  async entry(version: number): Promise<z.output<typeof action>[] | null> {
    const path = entryPath(this.folder, version)
    try {
      return parseActions(await this.lake.readText(path, entryLimit), path)
    } catch (error) {
      if (error instanceof LakeNotFound) return null
      throw error
    }
  }

  /** What the commit of a version said about itself. */
  async commitInfo(version: number): Promise<CommitInfo | null> {
    const actions = await this.entry(version)
    return actions?.find((one) => one.commitInfo != null)?.commitInfo ?? null
  }

  async #forward(start: Snapshot, until: number): Promise<Snapshot> {
    const actions = []
    let version = start.version
    while (version < until) {
      const entry = await this.entry(version + 1)
      if (entry === null) break
      actions.push(...entry)
      version += 1
    }
    return version === start.version ? start : replay(start, version, actions)
  }

  async #fromCheckpoint(): Promise<Snapshot> {
    const last = await readLastCheckpoint(this.lake, this.folder)
    return last === null ? emptySnapshot : readCheckpoint(this.lake, this.duckdb, this.folder, last)
  }

  /** The newest checkpoint at or before `version`. */
  async #before(version: number): Promise<Snapshot> {
    let newest: number | null = null
    for await (const { path } of this.lake.list(`${this.folder}/_delta_log`)) {
      const match = /(\d{20})\.checkpoint\.parquet$/.exec(path)
      if (match !== null && Number(match[1]) <= version) newest = Math.max(newest ?? 0, Number(match[1]))
    }
    if (newest === null) return emptySnapshot
    return readCheckpoint(this.lake, this.duckdb, this.folder, { version: newest })
  }

  async #cached(): Promise<Snapshot | null> {
    const cached = caches.get(this.lake)?.get(this.folder)
    if (cached === undefined) return null
    const stat = await this.lake.stat(entryPath(this.folder, cached.snapshot.version))
    return stat?.etag === cached.etag ? cached.snapshot : null
  }

  async #remember(snapshot: Snapshot): Promise<void> {
    const stat = await this.lake.stat(entryPath(this.folder, snapshot.version))
    if (stat === null) return
    const cache = caches.get(this.lake) ?? new Map<string, Cached>()
    caches.set(this.lake, cache)
    cache.set(this.folder, { snapshot, etag: stat.etag })
  }
}

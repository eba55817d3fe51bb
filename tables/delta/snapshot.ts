import type { AddFile, Metadata, Protocol, RemoveFile, Transaction, action } from './actions.ts'
import type { z } from 'zod'

/** A table as of one version. Never changes; the next version is a new object. */
export interface Snapshot {
  /** -1: there is no table yet. */
  readonly version: number
  readonly protocol: Protocol | null
  readonly metadata: Metadata | null
  /** Path as in the log → file. */
  readonly files: ReadonlyMap<string, AddFile>
  /** Files that older versions still need. */
  readonly tombstones: ReadonlyMap<string, RemoveFile>
  /** Application id → its transaction. */
  readonly transactions: ReadonlyMap<string, Transaction>
}

export const emptySnapshot: Snapshot = {
  version: -1,
  protocol: null,
  metadata: null,
  files: new Map(),
  tombstones: new Map(),
  transactions: new Map(),
}

/** `snapshot` with the actions of the next versions, `version` being the last of them. */
export function replay(
  snapshot: Snapshot,
  version: number,
  actions: Iterable<z.output<typeof action>>,
): Snapshot {
  let { protocol, metadata } = snapshot
  const files = new Map(snapshot.files)
  const tombstones = new Map(snapshot.tombstones)
  const transactions = new Map(snapshot.transactions)
  for (const one of actions) {
    if (one.protocol != null) protocol = one.protocol
    if (one.metaData != null) metadata = one.metaData
    if (one.txn != null) transactions.set(one.txn.appId, one.txn)
    if (one.add != null) {
      files.set(one.add.path, one.add)
      tombstones.delete(one.add.path)
    }
    if (one.remove != null) {
      files.delete(one.remove.path)
      tombstones.set(one.remove.path, one.remove)
    }
  }
  if (protocol !== null && protocol.minReaderVersion > 1) {
    throw new Error(
      `the table needs a Delta reader of version ${protocol.minReaderVersion}; Headrace reads version 1 (no deletion vectors, no column mapping). Drop the feature with the tool that added it`,
    )
  }
  return { version, protocol, metadata, files, tombstones, transactions }
}

/** Statistics of a file, for those who count without reading. */
export function rowsOf(file: AddFile): number | null {
  if (file.stats == null) return null
  const stats: unknown = JSON.parse(file.stats)
  if (typeof stats !== 'object' || stats === null || !('numRecords' in stats)) return null
  return typeof stats.numRecords === 'number' ? stats.numRecords : null
}

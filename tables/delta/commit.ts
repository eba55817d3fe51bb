import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LostRace } from '../errors.ts'
import { type Action, type AddFile, type Metadata, formatActions } from './actions.ts'
import { writeCheckpoint } from './checkpoint.ts'
import type { DeltaLog } from './log.ts'
import { entryPath } from './paths.ts'
import { type DeltaField, evolve, formatSchema, isSameSchema, parseSchema } from './schema.ts'
import { type Snapshot, replay } from './snapshot.ts'

export const checkpointInterval = 10
const attempts = 100

/** A change of a table, made from `base`. */
export interface Change {
  readonly table: string
  readonly base: Snapshot
  readonly fields: readonly DeltaField[]
  readonly partitionBy: readonly string[]
  readonly add: readonly AddFile[]
  readonly remove: readonly AddFile[]
  /** A commit that bears the same id exists at most once; null: no such promise. */
  readonly transaction: string | null
  readonly operation: 'WRITE' | 'MERGE' | 'OPTIMIZE'
  /** Whether what was written depends on rows of this table: then it holds only while nobody changes them. */
  readonly readsTable: boolean
  /** Every file of `base` is removed: the schema may change freely. */
  readonly replacesAll?: boolean
  readonly parameters?: Readonly<Record<string, string>>
  readonly metrics?: Readonly<Record<string, string>>
}

export interface Committed {
  /** False: a commit of the same transaction id was there already. */
  readonly committed: boolean
  /** Of the commit that bears the transaction id. */
  readonly version: number
}

/**
 * Commits optimistically: the entry's create-if-absent decides who is first. The loser goes on with the next version where the
 * winner's change leaves its own valid. Throws LostRace where it does not: nothing is committed, the files written are orphans.
 */
export async function commit(log: DeltaLog, change: Change): Promise<Committed> {
  let snapshot = change.base
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const earlier = change.transaction === null ? undefined : snapshot.transactions.get(change.transaction)
    if (earlier !== undefined) return { committed: false, version: earlier.version }
    const version = snapshot.version + 1
    const now = Date.now()
    const actions = actionsOf(change, snapshot, version, now)
    if (await log.lake.create(entryPath(log.folder, version), formatActions(actions))) {
      if (version > 0 && version % checkpointInterval === 0) {
        const next = replay(snapshot, version, (await log.entry(version)) ?? [])
        await writeCheckpoint(log.lake, log.duckdb, log.folder, next, now)
      }
      return { committed: true, version }
    }
    await sleep(Math.random() * Math.min(5 * attempt, 250))
    snapshot = await passed(log, change, snapshot)
  }
  throw new LostRace(`${change.table}: ${attempts} commits in a row lost to other writers`)
}

/** The snapshot after the commits of others, all of which leave the change valid. */
async function passed(log: DeltaLog, change: Change, from: Snapshot): Promise<Snapshot> {
  let snapshot = from
  const removing = new Set(change.remove.map((file) => file.path))
  for (;;) {
    const version = snapshot.version + 1
    const entry = await log.entry(version)
    if (entry === null) return snapshot
    for (const { add, remove, protocol, txn } of entry) {
      const isOwn = txn != null && txn.appId === change.transaction
      const changed = add ?? remove
      const touchesRead = change.readsTable && changed?.dataChange === true
      const takesAway = remove != null && removing.has(remove.path)
      const isNewProtocol = protocol != null && snapshot.protocol !== null
      if (!isOwn && (touchesRead || takesAway || isNewProtocol) && !hasOwn(entry, change.transaction)) {
        throw new LostRace(`${change.table}: version ${version} of another writer changed what was read`)
      }
    }
    snapshot = replay(snapshot, version, entry)
  }
}

function hasOwn(entry: readonly Action[], transaction: string | null): boolean {
  return transaction !== null && entry.some((one) => one.txn?.appId === transaction)
}

function actionsOf(change: Change, snapshot: Snapshot, version: number, now: number): Action[] {
  if (snapshot.protocol !== null && snapshot.protocol.minWriterVersion > 2) {
    throw new Error(
      `${change.table} needs a Delta writer of version ${snapshot.protocol.minWriterVersion}; Headrace writes version 2. Drop the feature with the tool that added it`,
    )
  }
  const isAppendOnly = snapshot.metadata?.configuration?.['delta.appendOnly'] === 'true'
  if (isAppendOnly && change.remove.length > 0 && change.operation !== 'OPTIMIZE') {
    throw new Error(
      `${change.table} is append-only (table property delta.appendOnly); this build would take rows away`,
    )
  }
  const actions: Action[] = [{ commitInfo: infoOf(change, snapshot, now) }]
  if (snapshot.protocol === null) actions.push({ protocol: { minReaderVersion: 1, minWriterVersion: 2 } })
  const metadata = metadataAfter(change, snapshot, now)
  if (metadata !== snapshot.metadata) actions.push({ metaData: metadata })
  if (change.transaction !== null)
    actions.push({ txn: { appId: change.transaction, version, lastUpdated: now } })
  const dataChange = change.operation !== 'OPTIMIZE'
  for (const { path, partitionValues, size } of change.remove) {
    const extendedFileMetadata = true
    actions.push({
      remove: { path, deletionTimestamp: now, dataChange, extendedFileMetadata, partitionValues, size },
    })
  }
  for (const add of change.add) actions.push({ add: { ...add, dataChange } })
  return actions
}

function infoOf(change: Change, snapshot: Snapshot, now: number): Action['commitInfo'] {
  return {
    timestamp: now,
    operation: change.operation,
    operationParameters: change.parameters ?? {},
    ...(snapshot.version >= 0 && { readVersion: snapshot.version }),
    isolationLevel: 'Serializable',
    isBlindAppend: !change.readsTable && change.remove.length === 0,
    operationMetrics: { ...change.metrics },
    engineInfo: 'headrace',
    txnId: change.transaction ?? randomUUID(),
  }
}

/** The same object where nothing changes. */
function metadataAfter(change: Change, snapshot: Snapshot, now: number): Metadata | null {
  const before = snapshot.metadata
  if (before === null) {
    return {
      id: randomUUID(),
      name: change.table,
      format: { provider: 'parquet', options: {} },
      schemaString: formatSchema(change.fields),
      partitionColumns: [...change.partitionBy],
      configuration: {},
      createdTime: now,
    }
  }
  if (change.replacesAll === true) {
    const isSame =
      isSameSchema(parseSchema(before.schemaString), change.fields) &&
      before.partitionColumns.join() === change.partitionBy.join()
    return isSame
      ? before
      : {
          ...before,
          schemaString: formatSchema(change.fields),
          partitionColumns: [...change.partitionBy],
        }
  }
  if (before.partitionColumns.join() !== change.partitionBy.join()) {
    throw new Error(
      `${change.table} is partitioned by [${before.partitionColumns.join(', ')}], the contract says [${change.partitionBy.join(', ')}]; name a new table to partition it differently`,
    )
  }
  const fields = parseSchema(before.schemaString)
  const after = evolve(change.table, fields, change.fields)
  return isSameSchema(fields, after) ? before : { ...before, schemaString: formatSchema(after) }
}

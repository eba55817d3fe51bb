import { randomUUID } from 'node:crypto'

/** Paths of a Delta table's files in the lake. `folder` is the table's. */
export function entryPath(folder: string, version: number): string {
  return `${folder}/_delta_log/${padded(version)}.json`
}

export function checkpointPath(folder: string, version: number): string {
  return `${folder}/_delta_log/${padded(version)}.checkpoint.parquet`
}

export function lastCheckpointPath(folder: string): string {
  return `${folder}/_delta_log/_last_checkpoint`
}

export function padded(version: number): string {
  return version.toString().padStart(20, '0')
}

/**
 * A new data file's path inside the table: `2026/11/part-….parquet`. Folders show the partition values to people; what counts is
 * `partitionValues` in the log, so two values may share a folder and characters that a path cannot hold become `_`.
 */
export function newFilePath(partition: readonly (string | null)[]): string {
  return [...partition.map(folderOf), `part-${randomUUID()}.parquet`].join('/')
}

function folderOf(value: string | null): string {
  if (value === null) return 'null'
  const safe = value.replaceAll(/[^A-Za-z0-9.-]/g, '_').slice(0, 100)
  return /^[A-Za-z0-9]/.test(safe) ? safe : `v${safe}`
}

/** The log holds URI-encoded paths. */
export function lakePath(folder: string, path: string): string {
  const relative = decodeURIComponent(path)
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative) || relative.startsWith('/')) {
    throw new Error(`${folder} holds ${relative} from outside its folder (a shallow clone); clone it deeply`)
  }
  return `${folder}/${relative}`
}

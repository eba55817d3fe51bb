import { LostRace } from '../errors.ts'
import type { AddFile } from '../delta/actions.ts'
import { commit } from '../delta/commit.ts'
import type { DeltaLog } from '../delta/log.ts'
import { columnsOf, parseSchema } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { sqlColumns } from '../duckdb/columns.ts'
import { selectFrom } from '../duckdb/views.ts'
import { writeFiles } from './write-files.ts'

const smallFile = 16 * 2 ** 20
const manyAppended = 32

/** Small files of partitions that hold at least `many` of them. */
export function crowdedFiles(snapshot: Snapshot, many: number): AddFile[] {
  const byPartition = Map.groupBy(
    [...snapshot.files.values()].filter((file) => file.size < smallFile),
    (file) => JSON.stringify(file.partitionValues),
  )
  return [...byPartition.values()].filter((files) => files.length >= many).flat()
}

/**
 * Puts small files of crowded partitions together, so that a table fed by small batches stays quick to read. Changes no row and
 * disturbs no other writer; where one was faster, it is left for the next time.
 */
export async function compact(log: DeltaLog, table: string, signal?: AbortSignal): Promise<void> {
  const { lake, folder, duckdb } = log
  const snapshot = await log.latest()
  const files = crowdedFiles(snapshot, manyAppended)
  const { metadata } = snapshot
  if (files.length === 0 || metadata === null) return
  const fields = parseSchema(metadata.schemaString)
  const columns = sqlColumns(columnsOf(metadata.schemaString))
  // A column of a type that contracts do not know would be lost.
  if (columns.length < fields.length) return
  const partitionBy = metadata.partitionColumns
  const add = await duckdb.session(
    async (connection) =>
      writeFiles({
        connection,
        lake,
        folder,
        columns,
        partitionBy,
        select: selectFrom({ lake, folder, snapshot, columns, files }),
      }),
    signal,
  )
  try {
    await commit(log, {
      table,
      base: snapshot,
      fields,
      partitionBy,
      add,
      remove: files,
      transaction: null,
      operation: 'OPTIMIZE',
      readsTable: false,
    })
  } catch (error) {
    if (!(error instanceof LostRace)) throw error
  }
}

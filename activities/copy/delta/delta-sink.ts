import { copySinkTypes } from '../../../adf/activity/copy/sink-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { tableFolder } from '../../../tables/contract.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import { deltaColumns } from '../../../tables/duckdb/delta-columns.ts'
import { writeRows } from '../../../tables/write-rows.ts'
import { rowType } from '../describe-columns.ts'
import { parsePart } from '../files/dataset-properties.ts'
import type { SinkMaker } from '../relation.ts'
import { deltaTableOf, tableStoreOf } from './delta-table.ts'

/** Writes a table of the lake in one commit, which bears the activity's id: a repeated activity commits once. */
export const deltaSink: SinkMaker = async ({ settings, dataset, store, invocation, dependencies }) => {
  const { lake } = tableStoreOf(store, 'sink AzureDatabricksDeltaLakeSink', dataset)
  const { duckdb } = dependencies
  const table = deltaTableOf(dataset)
  if (table === null)
    throw new DefinitionError(`dataset '${dataset.name}' names no table; give it database and table`)
  const { writeBehavior, preCopyScript } = parsePart(
    copySinkTypes.AzureDatabricksDeltaLakeSink,
    settings,
    'sink',
  )
  const empties = preCopyScript !== undefined && preCopyScript.trim() !== ''
  if (empties) refuseOtherScripts(preCopyScript, table)
  const { run, name, iterationPath } = invocation
  return {
    async columns() {
      const { metadata } = await new DeltaLog(lake, duckdb, tableFolder(table)).latest()
      if (metadata === null) return null
      return deltaColumns(metadata.schemaString).map((column) => ({
        name: column.name,
        type: rowType(column.sessionType),
      }))
    },
    async write(connection, select, _columns, signal) {
      const written = await writeRows({
        lake,
        duckdb,
        connection,
        table,
        select,
        mode: empties || writeBehavior === 'overwrite' ? 'overwrite' : 'append',
        transaction: `copy/${JSON.stringify([run.runId, name, iterationPath])}`,
        signal,
      })
      return {
        rowsCopied: written.rows,
        dataWritten: written.bytesWritten,
        filesWritten: written.filesAdded,
      }
    },
  }
}

/** The scripts that ADF's templates have: they empty the table, which here is part of the commit. */
function refuseOtherScripts(script: string, table: string): void {
  const found = /^\s*(?:TRUNCATE\s+TABLE|DELETE\s+FROM)\s+([\w.`]+)\s*;?\s*$/i.exec(script)?.[1]
  const named = found?.replaceAll('`', '').toLowerCase()
  if (named !== table && named !== table.split('.')[1])
    throw new DefinitionError(
      `sink.preCopyScript is ${JSON.stringify(script)}; it may be "TRUNCATE TABLE ${table}" or "DELETE FROM ${table}", after which the rows are the whole table: other changes belong into a BuildTable`,
    )
}

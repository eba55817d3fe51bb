import { copySinkTypes } from '../../../adf/activity/copy/sink-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { streamRows } from '../../../tables/duckdb/row-streams.ts'
import type { DatabaseWrite } from '../../../warehouse/database.ts'
import { databaseOf, datasetTable } from '../../database/dataset-table.ts'
import { onceKey, procedureParameters, readProcedures } from '../../database/procedures.ts'
import { parsePart } from '../files/dataset-properties.ts'
import type { SinkMaker } from '../relation.ts'

const defaultBatch = 10_000

/** Writes all rows in one transaction with the pre-copy script; a repetition of the same try writes nothing more. */
export function sqlSink(type: 'SqlServerSink' | 'SqliteSink'): SinkMaker {
  return async ({ settings, dataset, store, invocation, dependencies }) => {
    const database = databaseOf(store, `sink ${type}`, dataset.linkedService)
    const sink = parsePart(copySinkTypes[type], settings, 'sink')
    const table = datasetTable(dataset)
    const procedure = sink.sqlWriterStoredProcedureName
    if (table === null && procedure === undefined)
      throw new DefinitionError(`dataset '${dataset.name}' names no table; give it schema and table`)
    const write: DatabaseWrite =
      procedure !== undefined
        ? {
            behavior: 'storedProcedure',
            procedure,
            tableParameter: sink.storedProcedureTableTypeParameterName ?? dataset.name,
            parameters: procedureParameters(sink.storedProcedureParameters ?? {}),
            batchSize: sink.writeBatchSize ?? defaultBatch,
          }
        : sink.writeBehavior === 'upsert'
          ? { behavior: 'upsert', keys: sink.upsertSettings?.keys ?? [] }
          : { behavior: 'insert' }
    return {
      columns: async () => (table === null || procedure !== undefined ? null : database.columns(table)),
      async write(connection, select, columns, signal) {
        const { rowsWritten } = await database.write({
          table,
          rows: await streamRows(connection, select, columns, signal),
          write,
          before: sink.preCopyScript ?? null,
          procedures: await readProcedures(dependencies.lake, invocation),
          createTable: sink.tableOption === 'autoCreate',
          once: onceKey(invocation, 'sink'),
          signal,
        })
        return { rowsCopied: rowsWritten, dataWritten: null, filesWritten: null }
      },
    }
  }
}

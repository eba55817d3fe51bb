import { copySourceTypes } from '../../../adf/activity/copy/source-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { quoteName } from '../../../tables/duckdb/sql.ts'
import { stagedColumns, stageRows } from '../../../tables/duckdb/stage-rows.ts'
import { databaseOf, datasetTable } from '../../database/dataset-table.ts'
import { databaseCall, procedureParameters } from '../../database/procedures.ts'
import { addedColumns } from '../files/added-columns.ts'
import { parsePart } from '../files/dataset-properties.ts'
import type { CopyEnd, SourceMaker, TabularSource } from '../relation.ts'

const stage = 'copy_source'

/** What every partition's condition comes to where all is read at once. */
const placeholder = /\?(Df|Adf)DynamicRangePartitionCondition/gi

/** Rows of a query, a procedure or a whole table. Partition options change how ADF reads, not what: here it is read in one stream. */
export function sqlSource(type: 'SqlServerSource' | 'SqliteSource'): SourceMaker {
  return async (end): Promise<TabularSource> => {
    const { settings, dataset, store, invocation, dependencies } = end
    const database = databaseOf(store, `source ${type}`, dataset.linkedService)
    const source = parsePart(copySourceTypes[type], settings, 'source')
    const query = ('sqlReaderQuery' in source ? source.sqlReaderQuery : source['query']) as unknown
    const procedure = source['sqlReaderStoredProcedureName'] as unknown
    if (isGiven(query) && isGiven(procedure))
      throw new DefinitionError(
        'source has both sqlReaderQuery and sqlReaderStoredProcedureName; give one of them',
      )
    const added = addedColumns(source.additionalColumns ?? [], {}, '', [])
    return {
      async open(connection, signal) {
        const given = source['storedProcedureParameters'] as
          | Parameters<typeof procedureParameters>[0]
          | undefined
        const call = await databaseCall(
          dependencies.lake,
          invocation,
          signal,
          isGiven(procedure) ? procedureParameters(given ?? {}) : [],
          'source',
        )
        const rows = isGiven(procedure)
          ? await database.queryProcedure(procedure, call)
          : await database.query(
              isGiven(query) ? query.replaceAll(placeholder, '1 = 1') : wholeTable(end),
              call,
            )
        await stageRows(connection, stage, rows, signal)
        const from = `(SELECT ${stagedColumns(rows.columns)} FROM ${stage})`
        const constants = added.columns.map(({ name, value }) => `${value([])} AS ${quoteName(name)}`)
        return {
          from: constants.length === 0 ? from : `(SELECT *, ${constants.join(', ')} FROM ${from})`,
          columns: [...rows.columns, ...added.columns.map(({ name }) => ({ name, type: 'string' as const }))],
          filesRead: 0,
          dataRead: null,
        }
      },
    }
  }
}

function isGiven(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function wholeTable({ dataset, store }: CopyEnd): string {
  const table = datasetTable(dataset)
  if (table === null || store.kind !== 'database')
    throw new DefinitionError(`source has no query, and dataset '${dataset.name}' names no table`)
  return store.selectAll(table, null)
}

import type { DuckDBConnection } from '@duckdb/node-api'
import { copySourceTypes } from '../../../adf/activity/copy/source-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { parseSelect } from '../../../tables/build/parse.ts'
import { tableFolder } from '../../../tables/contract.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import type { Snapshot } from '../../../tables/delta/snapshot.ts'
import { deltaColumns } from '../../../tables/duckdb/delta-columns.ts'
import { quoteName } from '../../../tables/duckdb/sql.ts'
import { createView } from '../../../tables/duckdb/views.ts'
import { describeColumns } from '../describe-columns.ts'
import { addedColumns } from '../files/added-columns.ts'
import { parsePart } from '../files/dataset-properties.ts'
import type { SourceMaker, TabularSource } from '../relation.ts'
import { deltaTableOf, tableStoreOf } from './delta-table.ts'

/** A table of the lake, or one SELECT over such tables. Snapshots stay the same for as long as the copy reads. */
export const deltaSource: SourceMaker = async ({
  settings,
  dataset,
  store,
  dependencies,
}): Promise<TabularSource> => {
  const { lake } = tableStoreOf(store, 'source AzureDatabricksDeltaLakeSource', dataset)
  const { query, version, additionalColumns } = parsePart(
    copySourceTypes.AzureDatabricksDeltaLakeSource,
    settings,
    'source',
  )
  const table = deltaTableOf(dataset)
  if ((query ?? '') === '' && table === null)
    throw new DefinitionError(`source has no query, and dataset '${dataset.name}' names no table`)
  const added = addedColumns(additionalColumns ?? [], {}, '', [])
  const pinned = new Map<string, Snapshot>()
  const open = async (connection: DuckDBConnection, name: string): Promise<Snapshot> => {
    const folder = tableFolder(name)
    const log = new DeltaLog(lake, dependencies.duckdb, folder)
    const snapshot =
      pinned.get(name) ??
      (version !== undefined && name === table ? await log.at(version) : await log.latest())
    if (snapshot.metadata === null)
      throw new DefinitionError(`the source reads ${name}, and the lake has no Delta table in ${folder}`)
    pinned.set(name, snapshot)
    const columns = deltaColumns(snapshot.metadata.schemaString).map((column) => ({
      ...column,
      fileType: column.fileType ?? column.sessionType,
    }))
    await createView(connection, name, { lake, folder, snapshot, columns })
    return snapshot
  }
  return {
    async open(connection) {
      const isQuery = query !== undefined && query !== ''
      const names = isQuery ? (await parseSelect(connection, query, 'source.query')).inputs : [table ?? '']
      const snapshots: Snapshot[] = []
      for (const name of names) snapshots.push(await open(connection, name))
      const [schema = '', own = ''] = (table ?? '').split('.')
      const from = isQuery ? `(${query.replace(/[\s;]+$/, '')})` : `${quoteName(schema)}.${quoteName(own)}`
      const columns = await describeColumns(connection, from)
      const constants = added.columns.map(({ name, value }) => `${value([])} AS ${quoteName(name)}`)
      const files = snapshots.flatMap((snapshot) => [...snapshot.files.values()])
      return {
        from: constants.length === 0 ? from : `(SELECT *, ${constants.join(', ')} FROM ${from})`,
        columns: [...columns, ...added.columns.map(({ name }) => ({ name, type: 'string' as const }))],
        filesRead: files.length,
        dataRead: isQuery ? null : files.reduce((sum, { size }) => sum + size, 0),
      }
    },
  }
}

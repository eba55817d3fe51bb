import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../adf/json.ts'
import type { RowColumn, RowStream, RowValue } from '../../../formats/rows/row-stream.ts'
import { stagedColumns, stageRows } from '../../../tables/duckdb/stage-rows.ts'
import { fileColumn, type FileFormat, type LocalFile } from './file-format.ts'

/** A format that DuckDB does not read: rows are streamed into a table of the session, from where the copy goes on. */
export function stagedFormat(
  datasetType: string,
  compression: FileFormat['compression'],
  read: (file: LocalFile, dataset: JsonObject) => Promise<RowStream>,
): FileFormat {
  return {
    datasetType,
    compression,
    encoding: () => null,
    async open(dataset, { connection, files, withFile, signal }) {
      const table = `staged_${randomUUID()}`
      const columns = new Map<string, RowColumn>()
      for (const file of files) {
        signal.throwIfAborted()
        const rows = await read(file, dataset)
        for (const column of rows.columns) if (!columns.has(column.name)) columns.set(column.name, column)
        await stageRows(connection, table, withFile ? withPath(rows, file.path) : rows, signal)
      }
      const all = [...columns.values()]
      const picked: RowColumn[] = withFile ? [...all, { name: fileColumn, type: 'string' }] : all
      return { from: `(SELECT ${stagedColumns(picked)} FROM "${table}")`, columns: all }
    },
  }
}

function withPath({ columns, batches }: RowStream, path: string): RowStream {
  return {
    columns: [...columns, { name: fileColumn, type: 'string' }],
    batches: added(batches, path),
  }
}

async function* added(
  batches: RowStream['batches'],
  path: string,
): AsyncGenerator<readonly (readonly RowValue[])[]> {
  for await (const batch of batches) yield batch.map((row) => [...row, path])
}

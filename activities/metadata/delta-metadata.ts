import { DefinitionError } from '../../adf/errors.ts'
import type { ResolvedDataset } from '../../adf/run/run.ts'
import { tableFolder } from '../../tables/contract.ts'
import { DeltaLog } from '../../tables/delta/log.ts'
import { deltaColumns } from '../../tables/duckdb/delta-columns.ts'
import type { Dependencies } from '../activity.ts'
import { deltaTableOf } from '../copy/delta/delta-table.ts'
import { rowType } from '../copy/describe-columns.ts'
import { type Metadata, structureOf } from './file-metadata.ts'

/** Of a Delta table: whether it is there and which columns it has. */
export async function deltaMetadata(
  dataset: ResolvedDataset,
  { lake, duckdb }: Pick<Dependencies, 'lake' | 'duckdb'>,
): Promise<Metadata> {
  const name = deltaTableOf(dataset)
  if (name === null)
    throw new DefinitionError(`Dataset '${dataset.name}' names no table: give it database and table`)
  const { metadata } = await new DeltaLog(lake, duckdb, tableFolder(name)).latest()
  if (metadata === null) return { name, kind: 'table', fields: null }
  const columns = deltaColumns(metadata.schemaString).map((column) => ({
    name: column.name,
    type: rowType(column.sessionType),
  }))
  return {
    name,
    kind: 'table',
    fields: {
      exists: async () => true,
      structure: async () => structureOf(columns),
      columnCount: async () => columns.length,
    },
  }
}

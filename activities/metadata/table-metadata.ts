import { DefinitionError } from '../../adf/errors.ts'
import type { ResolvedDataset } from '../../adf/run/run.ts'
import type { TableStore } from '../../stores/delta-lake.ts'
import type { FileStore } from '../../stores/file-store.ts'
import type { Store } from '../../stores/store.ts'
import type { DatabaseTable } from '../../warehouse/database.ts'
import { property } from '../dataset-place.ts'
import { type Metadata, structureOf } from './file-metadata.ts'

/** Of a table: whether it is there and which columns it has, all that ADF tells of one. */
export async function tableMetadata(
  database: Exclude<Store, FileStore | TableStore>,
  dataset: ResolvedDataset,
): Promise<Metadata> {
  if (database.kind === 'rest')
    throw new DefinitionError(
      `Dataset '${dataset.name}' is of a REST API, which tells nothing of itself; ask it with a WebActivity or copy it`,
    )
  const table = tableOf(dataset)
  const name = table.schema === null ? table.table : `${table.schema}.${table.table}`
  const columns = await database.columns(table)
  if (columns === null) return { name, kind: 'table', fields: null }
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

/** `schema` and `table`, in older files `tableName`: `dbo.orders`, `[dbo].[orders]`. */
function tableOf({ name, typeProperties }: ResolvedDataset): DatabaseTable {
  const [schema, table, older] = ['schema', 'table', 'tableName'].map((key) => property(typeProperties, key))
  if (typeof table === 'string' && table !== '')
    return { schema: typeof schema === 'string' && schema !== '' ? schema : null, table }
  const parts =
    typeof older === 'string'
      ? [...older.matchAll(/\[([^\]]+)\]|"([^"]+)"|([^.[\]"]+)/g)].map(
          (part) => part[1] ?? part[2] ?? part[3] ?? '',
        )
      : []
  const last = parts.at(-1)
  if (last === undefined)
    throw new DefinitionError(`Dataset '${name}' names no table: give it table, with schema`)
  return { schema: parts.at(-2) ?? null, table: last }
}

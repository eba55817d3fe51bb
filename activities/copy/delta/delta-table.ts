import { DefinitionError } from '../../../adf/errors.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import type { TableStore } from '../../../stores/delta-lake.ts'
import type { Store } from '../../../stores/store.ts'
import { property } from '../../dataset-place.ts'

const layers = ['bronze', 'silver', 'gold']

/** `silver.dim_device`: `database` of the dataset is a layer of the lake, `table` a table of it. Null where it names none. */
export function deltaTableOf({ name, typeProperties }: ResolvedDataset): string | null {
  const [database, table] = ['database', 'table'].map((key) => property(typeProperties, key))
  if (typeof table !== 'string' || table === '') return null
  const [layer, own] = [typeof database === 'string' ? database.toLowerCase() : '', table.toLowerCase()]
  if (!layers.includes(layer) || !/^[a-z_][a-z0-9_]*$/.test(own))
    throw new DefinitionError(
      `dataset '${name}' has database ${JSON.stringify(database ?? null)} and table ${JSON.stringify(table)}; database must be ${layers.join(', ')}, table a name of letters, digits and _`,
    )
  return `${layer}.${own}`
}

export function tableStoreOf(store: Store, what: string, { linkedService }: ResolvedDataset): TableStore {
  if (store.kind === 'tables') return store
  throw new DefinitionError(
    `${what} works on Delta tables, and linked service '${linkedService.name}' is of type ${linkedService.type}; it must be AzureDatabricksDeltaLake`,
  )
}

import type { ResolvedLinkedService } from '../adf/run/run.ts'
import type { Lake } from '../lake/lake.ts'
import type { StoreContext } from './open-store.ts'

/** Delta tables. */
export interface TableStore {
  readonly kind: 'tables'
  readonly lake: Lake
}

/** AzureDatabricksDeltaLake: the tables of the installation's lake. Workspace and credentials are not looked at. */
export async function openDeltaLake(
  _service: ResolvedLinkedService,
  { lake }: Pick<StoreContext, 'lake'>,
): Promise<TableStore> {
  return { kind: 'tables', lake }
}

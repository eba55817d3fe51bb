import { DefinitionError } from '../adf/errors.ts'
import type { StoreServiceType } from '../adf/resource/linked-service-types.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import type { Lake } from '../lake/lake.ts'
import { openBlobStorage, openFileShare } from './blob-storage.ts'
import { openDeltaLake } from './delta-lake.ts'
import { openFileServer } from './file-server.ts'
import { openHttpServer } from './http-server.ts'
import { openRestService } from './rest-service.ts'
import { openSqlServer } from './sql-server.ts'
import { openSqlite } from './sqlite.ts'
import type { Secrets } from './secrets.ts'
import type { Store, Stores, StoreSettings } from './store.ts'

/** What makers of stores work with. */
export interface StoreContext {
  /** The installation's own lake. */
  readonly lake: Lake
  readonly secrets: Secrets
  readonly settings: StoreSettings
  /** Gives the store that was opened under this key, else opens it; it is kept until the worker ends. For what is dear to open. */
  keep<S extends Store>(key: string, open: () => Promise<S>): Promise<S>
}

export type StoreMaker = (service: ResolvedLinkedService, context: StoreContext) => Promise<Store>

/** Makers by type of linked service. A new store is a file, a row here and one in adf/resource/linked-service-types.ts. */
export const storeTypes: Readonly<Record<StoreServiceType, StoreMaker>> = {
  AzureBlobFS: openBlobStorage,
  AzureBlobStorage: openBlobStorage,
  AzureDatabricksDeltaLake: openDeltaLake,
  AzureFileStorage: openFileShare,
  AzureSqlDatabase: openSqlServer,
  AzureSqlDW: openSqlServer,
  AzureSqlMI: openSqlServer,
  FileServer: openFileServer,
  HttpServer: openHttpServer,
  RestService: openRestService,
  SQLite: openSqlite,
  SqlServer: openSqlServer,
}

const byType = new Map<string, StoreMaker>(
  Object.entries(storeTypes).map(([type, maker]) => [type.toLowerCase(), maker]),
)

export function createStores(given: Omit<StoreContext, 'keep'>): Stores {
  const kept = new Map<string, Promise<Store>>()
  const context: StoreContext = {
    ...given,
    async keep<S extends Store>(key: string, open: () => Promise<S>): Promise<S> {
      const before = kept.get(key)
      // Keys begin with the type of the linked service: each maker finds its own stores only.
      if (before !== undefined) return (await before) as S
      const opened = open()
      kept.set(key, opened)
      opened.catch(() => kept.delete(key))
      return opened
    },
  }
  return {
    async open(service) {
      const maker = byType.get(service.type.toLowerCase())
      if (maker === undefined)
        throw new DefinitionError(
          `Linked service '${service.name}' is of type ${service.type}, which is no data store here; data stores are: ${Object.keys(storeTypes).join(', ')}. A plugin or an environment's own linked service can take its place.`,
        )
      return maker(service, context)
    },
    async close() {
      for (const store of kept.values()) {
        const opened = await store.catch(() => null)
        if (opened !== null && opened.kind === 'database') await opened.close()
      }
      kept.clear()
    },
  }
}

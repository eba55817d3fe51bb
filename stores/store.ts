import type { ResolvedLinkedService } from '../adf/run/run.ts'
import type { Database } from '../warehouse/database.ts'
import type { TableStore } from './delta-lake.ts'
import type { FileStore } from './file-store.ts'
import type { RestStore } from './rest-service.ts'

/** What a linked service leads to. A new store is a file that makes one of these, and a row of `storeTypes`. */
export type Store = FileStore | Database | RestStore | TableStore

/** What makers of stores work with. */
export interface StoreSettings {
  /** Folder of this installation in which stores of other machines have their embedded stand-in: `{folder}/{linked service}/…`. */
  readonly folder: string
  /** Folders of this machine, absolute, that FileServer linked services may lead to. */
  readonly localFolders: readonly string[]
  /** Base address of Microsoft Entra, which gives tokens to service principals. */
  readonly entraAuthority: string
}

/**
 * Opens a linked service. Cheap to call again: what is worth keeping open is kept by the implementation. Throws a DefinitionError where the type
 * is no data store that is known here.
 */
export interface Stores {
  open(service: ResolvedLinkedService): Promise<Store>
  close(): Promise<void>
}

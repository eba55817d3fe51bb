import { join } from 'node:path'
import { DefinitionError } from '../adf/errors.ts'
import { accountProperties } from '../adf/resource/linked-service-types.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { isSegment } from '../lake/path.ts'
import type { FileStore } from './file-store.ts'
import { LakeFiles } from './lake-files.ts'
import type { StoreContext } from './open-store.ts'

/** Whether a Blob Storage or ADLS Gen2 linked service names an account: then an embedded folder stands in for it. */
export function namesAccount(service: ResolvedLinkedService): boolean {
  const names = new Set(accountProperties.map((name) => name.toLowerCase()))
  return Object.entries(service.typeProperties).some(
    ([name, value]) => names.has(name.toLowerCase()) && value !== null && value !== '',
  )
}

/**
 * AzureBlobFS and AzureBlobStorage. Without an account it is the installation's lake, whatever its place; with one, folders of this
 * installation stand in for the account: `{home}/stores/{linked service}/{container}/…`.
 */
export async function openBlobStorage(
  service: ResolvedLinkedService,
  context: StoreContext,
): Promise<FileStore> {
  return namesAccount(service) ? standIn(service, context) : new LakeFiles(context.lake, 'The lake')
}

/** AzureFileStorage: always an embedded stand-in. */
export async function openFileShare(
  service: ResolvedLinkedService,
  context: StoreContext,
): Promise<FileStore> {
  return standIn(service, context)
}

function standIn({ name }: ResolvedLinkedService, { settings }: StoreContext): FileStore {
  if (!isSegment(name))
    throw new DefinitionError(
      `Linked service ${JSON.stringify(name)} has a name that no folder can have: its embedded store is a folder of that name`,
    )
  return new LakeFiles(new LocalLake({ root: join(settings.folder, name) }), `Store '${name}'`)
}

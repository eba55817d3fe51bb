import { DefinitionError } from '../adf/errors.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import type { FileStore } from './file-store.ts'
import { LakeFiles } from './lake-files.ts'
import { localPlace } from './local-place.ts'
import type { StoreContext } from './open-store.ts'

/** In the folders of other people: a name that nobody else uses, as what lies there for a day is removed. */
const unfinished = '.headrace-unfinished'

/**
 * FileServer: `host` is a folder of this machine, as it is for a self-hosted integration runtime. A relative one lies below
 * `{home}/stores`; an absolute one must lie below a folder that the installation allows.
 */
export async function openFileServer(
  service: ResolvedLinkedService,
  { settings }: StoreContext,
): Promise<FileStore> {
  const host = hostOf(service)
  const instead = `name another folder in factory.yaml: environments.<environment>.linkedServices.${service.name}.host`
  const what = `Linked service '${service.name}' has host ${JSON.stringify(host)}`
  if (/\\|^[a-z]:/i.test(host) || host.startsWith('//'))
    throw new DefinitionError(`${what}, a share or drive of Windows; mount it, and ${instead}`)
  const folder = await localPlace(host, what, settings, instead)
  return new LakeFiles(new LocalLake({ root: folder, unfinished }), `File server '${service.name}'`)
}

function hostOf(service: ResolvedLinkedService): string {
  const value = Object.entries(service.typeProperties).find(([name]) => name.toLowerCase() === 'host')?.[1]
  if (typeof value === 'string' && value !== '') return value
  throw new DefinitionError(
    `Linked service '${service.name}' needs host: a folder of this machine; it is ${JSON.stringify(value ?? null)}`,
  )
}

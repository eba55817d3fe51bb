import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { DefinitionError } from '../adf/errors.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import type { FileStore } from './file-store.ts'
import { LakeFiles } from './lake-files.ts'
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
  const host = textOf(service, 'host')
  const folder = isAbsolute(host)
    ? await allowedFolder(service, host, settings.localFolders)
    : inside(service, host, settings.folder)
  return new LakeFiles(new LocalLake({ root: folder, unfinished }), `File server '${service.name}'`)
}

function textOf(service: ResolvedLinkedService, key: string): string {
  const value = Object.entries(service.typeProperties).find(([name]) => name.toLowerCase() === key)?.[1]
  if (typeof value === 'string' && value !== '') return value
  throw new DefinitionError(
    `Linked service '${service.name}' needs ${key}: a folder of this machine; it is ${JSON.stringify(value ?? null)}`,
  )
}

function inside(service: ResolvedLinkedService, host: string, home: string): string {
  if (/\\|^[a-z]:/i.test(host) || host.startsWith('//'))
    throw new DefinitionError(
      `Linked service '${service.name}' has host ${JSON.stringify(host)}, a share or drive of Windows; mount it, and name the mounted folder in factory.yaml: environments.<environment>.linkedServices.${service.name}.host`,
    )
  const folder = resolve(home, host)
  if (!isBelow(folder, home))
    throw new DefinitionError(
      `Linked service '${service.name}' has host ${JSON.stringify(host)}, which leads out of ${home}; give an absolute folder below one of HEADRACE_LOCAL_FOLDERS`,
    )
  return folder
}

async function allowedFolder(
  service: ResolvedLinkedService,
  host: string,
  allowed: readonly string[],
): Promise<string> {
  // A link must not lead out of what is allowed.
  const folder = await realFolder(resolve(host))
  for (const one of allowed) if (isBelow(folder, await realFolder(one))) return folder
  throw new DefinitionError(
    `Linked service '${service.name}' has host ${JSON.stringify(host)}, which lies below no folder that this installation opens to pipelines; allowed are: ${allowed.join(', ') || 'none'}. Add it to HEADRACE_LOCAL_FOLDERS, or name another folder in factory.yaml: environments.<environment>.linkedServices.${service.name}.host`,
  )
}

function isBelow(folder: string, top: string): boolean {
  const way = relative(top, folder)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The folder without symbolic links; of one that is not there yet, its nearest parent that is, with the rest. */
async function realFolder(folder: string): Promise<string> {
  const parts: string[] = []
  for (let place = folder; ; place = resolve(place, '..')) {
    const real = await realpath(place).catch(() => null)
    if (real !== null) return join(real, ...parts)
    if (resolve(place, '..') === place) return folder
    parts.unshift(place.slice(place.lastIndexOf(sep) + 1))
  }
}

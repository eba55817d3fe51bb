import { DefinitionError } from '../adf/errors.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { type FileStore, StoredFileMissing } from './file-store.ts'
import { httpService } from './http/service.ts'
import type { StoreContext } from './open-store.ts'

/** As long as a whole file may take. */
const timeoutMs = 6 * 3_600_000

/**
 * Files behind HTTP addresses: each is read by a GET of its relative address, query included. Listing, writing and deleting are not of HTTP; what
 * asks for them fails with a reason.
 */
export async function openHttpServer(
  service: ResolvedLinkedService,
  { lake, secrets, settings }: StoreContext,
): Promise<FileStore> {
  const http = httpService(service, { secrets, authority: settings.entraAuthority })
  const refuse = (what: string): never => {
    throw new DefinitionError(`HTTP server '${service.name}' cannot ${what}: it reads one address at a time`)
  }
  return {
    kind: 'files',
    list: (folder) => refuse(`list ${JSON.stringify(folder)}`),
    children: async (folder) => refuse(`list ${JSON.stringify(folder)}`),
    // Asking first would be a second request; what is not there says so when it is read.
    stat: async (path) => ({ path, size: null, modified: null }),
    async read(path) {
      const { signal } = new AbortController()
      const response = await http.open({
        method: 'GET',
        address: path,
        headers: {},
        body: null,
        timeoutMs,
        signal,
      })
      const { status, statusText, body } = response
      if (status >= 200 && status <= 299) return body
      body.destroy()
      if (status === 404 || status === 410) throw new StoredFileMissing(http.address(path))
      throw new Error(`${http.address(path)} answered ${status} ${statusText}`)
    },
    write: async (path) => refuse(`write ${path}`),
    writeFromFile: async (path) => refuse(`write ${path}`),
    delete: async (path) => refuse(`delete ${path}`),
    deleteFolder: async (folder) => refuse(`delete ${folder}`),
    localPath: () => null,
    scratch: () => lake.scratch(),
  }
}

import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { JsonObject } from '../../adf/json.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import type { FileStore } from '../../stores/file-store.ts'
import { createStores } from '../../stores/open-store.ts'
import { createSecrets } from '../../stores/secrets.ts'

async function home() {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-stores-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const one of ['shared', 'private']) {
    await mkdir(join(folder, one))
    await writeFile(join(folder, one, 'a.txt'), one)
  }
  await symlink(join(folder, 'private'), join(folder, 'shared', 'link'))
  const stores = createStores({
    lake: new LocalLake({ root: join(folder, 'lake') }),
    secrets: createSecrets(() => 'secret'),
    settings: {
      folder: join(folder, 'stores'),
      localFolders: [join(folder, 'shared')],
      entraAuthority: 'http://127.0.0.1:1',
    },
  })
  const open = async (type: string, typeProperties: JsonObject): Promise<FileStore> => {
    const store = await stores.open({ name: 'service', type, typeProperties })
    if (store.kind !== 'files') throw new TypeError('no files')
    return store
  }
  return { folder, open }
}

describe('a file server', () => {
  test('is a folder that the installation opens to pipelines', async () => {
    const { folder, open } = await home()
    const store = await open('fileserver', { host: join(folder, 'shared') })
    expect(await store.children('')).toContainEqual({ name: 'a.txt', type: 'File' })
  })

  test.each([
    { title: 'outside of what is open', host: (folder: string) => join(folder, 'private') },
    { title: 'outside by way of a link', host: (folder: string) => join(folder, 'shared/link') },
    { title: 'above', host: (folder: string) => join(folder, 'shared/..') },
  ])('$title is refused, with the setting that allows it', async ({ host }) => {
    const { folder, open } = await home()
    await expect(open('FileServer', { host: host(folder) })).rejects.toMatchObject({
      name: 'DefinitionError',
      message: expect.stringContaining('Add it to HEADRACE_LOCAL_FOLDERS'),
    })
  })

  test.each(['\\\\nas\\scans', 'D:\\scans'])(
    '%s of Windows is refused, with the place to name another',
    async (host) => {
      const { open } = await home()
      await expect(open('FileServer', { host })).rejects.toThrow(
        'environments.<environment>.linkedServices.service.host',
      )
    },
  )

  test('a relative one lies in the home, and does not lead out of it', async () => {
    const { folder, open } = await home()
    const store = await open('FileServer', { host: 'nas' })
    await store.write('x/b.txt', Buffer.from('b'))
    expect(store.localPath('x/b.txt')).toBe(join(folder, 'stores/nas/x/b.txt'))
    await expect(open('FileServer', { host: '../lake' })).rejects.toThrow('leads out of')
  })
})

describe('Blob Storage and ADLS Gen2', () => {
  test('without an account are the lake, with one an embedded stand-in', async () => {
    const { folder, open } = await home()
    expect((await open('AzureBlobFS', {})).localPath('a')).toBe(join(folder, 'lake/a'))
    const account = { connectionString: 'DefaultEndpointsProtocol=https;AccountName=x' }
    expect((await open('AzureBlobStorage', account)).localPath('c/a')).toBe(
      join(folder, 'stores/service/c/a'),
    )
  })
})

test('paths that lead out are refused', async () => {
  const { open } = await home()
  const store = await open('FileServer', { host: 'nas' })
  await expect(store.read('../a')).rejects.toMatchObject({ name: 'DefinitionError' })
  await expect(store.write('a//b', Buffer.from(''))).rejects.toMatchObject({ name: 'DefinitionError' })
})

test('a type that is no data store names those that are', async () => {
  const { open } = await home()
  await expect(open('Sftp', {})).rejects.toThrow(
    "Linked service 'service' is of type Sftp, which is no data store here; data stores are: AzureBlobFS",
  )
})

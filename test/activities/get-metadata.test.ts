import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ActivityContext, Dependencies } from '../../activities/activity.ts'
import { getMetadata } from '../../activities/get-metadata.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { createStores } from '../../stores/open-store.ts'
import { createSecrets } from '../../stores/secrets.ts'
import { invocationOf } from '../support/invocation.ts'
import { temporaryWarehouse } from '../warehouse/temporary-warehouse.ts'
import { dependenciesWith } from '../support/dependencies.ts'

const context: ActivityContext = {
  signal: new AbortController().signal,
  attempt: 1,
  cursor: null,
  progress() {},
  checkpoint() {},
}

let lake: LocalLake

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'headrace-get-metadata-'))
  onTestFinished(() => rm(root, { recursive: true }))
  lake = new LocalLake({ root })
  await lake.create('inbox/a.zip', 'four')
  await lake.create('inbox/part/b.yaml', 'x')
})

async function dependencies(): Promise<Dependencies> {
  const { warehouse } = await temporaryWarehouse()
  const stores = createStores({
    lake,
    secrets: createSecrets(() => 'secret'),
    settings: { folder: join(tmpdir(), 'none'), localFolders: [], entraAuthority: 'http://127.0.0.1:1' },
  })
  return dependenciesWith({ lake, warehouse, stores })
}

async function ask(location: JsonObject, fieldList: JsonValue, more: JsonObject = {}): Promise<JsonObject> {
  const linkedService = { name: 'lake', type: 'AzureBlobFS', typeProperties: {} }
  const dataset = { name: 'drop', type: 'Binary', typeProperties: { location }, linkedService }
  const properties = {
    dataset: { referenceName: 'drop', type: 'DatasetReference', parameters: {} },
    fieldList,
    ...more,
  }
  const invocation = invocationOf('GetMetadata', properties, { name: 'Look', datasets: { drop: dataset } })
  return getMetadata(invocation, context, await dependencies())
}

const file = { type: 'AzureBlobFSLocation', fileSystem: 'inbox', fileName: 'a.zip' }
const folder = { type: 'AzureBlobFSLocation', folderPath: 'inbox' }

describe('what is there', () => {
  test('a file has name, type, size and time', async () => {
    const { lastModified, ...rest } = await ask(file, [
      'exists',
      'itemName',
      'itemType',
      'size',
      'lastModified',
    ])
    expect(rest).toEqual({ exists: true, itemName: 'a.zip', itemType: 'File', size: 4 })
    expect(lastModified).toBe((await lake.stat('inbox/a.zip'))?.modified.toISOString())
  })

  test('a folder has its children, those of deeper folders left out', async () => {
    expect(await ask(folder, ['itemName', 'itemType', 'childItems'])).toEqual({
      itemName: 'inbox',
      itemType: 'Folder',
      childItems: [
        { name: 'a.zip', type: 'File' },
        { name: 'part', type: 'Folder' },
      ],
    })
  })

  test('only what was asked is answered, whatever the case it was asked in', async () => {
    expect(await ask(file, ['SIZE'])).toEqual({ size: 4 })
  })
})

test('children are filtered by time, files only', async () => {
  const children = (start: string) =>
    ask(folder, ['childItems'], { storeSettings: { modifiedDatetimeStart: start } })
  expect(await children('2020-01-01')).toEqual({ childItems: [{ name: 'a.zip', type: 'File' }] })
  expect(await children('2999-01-01T00:00:00')).toEqual({ childItems: [] })
})

test('the MD5 of a file is that of its content, as Blob Storage gives it', async () => {
  expect(await ask(file, ['contentMD5'])).toEqual({
    contentMD5: createHash('md5').update('four').digest('base64'),
  })
})

describe('what is not there', () => {
  test.each([
    { title: 'a file', location: { ...file, fileName: 'b.zip' } },
    { title: 'a folder', location: { ...folder, folderPath: 'inbox/nothing' } },
  ])('$title does not exist, where that was asked, and has no more', async ({ location }) => {
    expect(await ask(location, ['exists', 'itemName'])).toEqual({ exists: false })
  })

  test('fails where it was not asked, so that the policy may try again', async () => {
    const asked = ask({ ...file, fileName: 'b.zip' }, ['size'])
    await expect(asked).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Error: inbox/b.zip is not there; add exists to the fieldList where that is no failure (dataset 'drop')]`,
    )
  })
})

test.each([
  {
    title: 'a field that there is not',
    asked: () => ask(file, ['exists', 'contentMD6']),
    message:
      'activity "Look" (GetMetadata): typeProperties.fieldList.1 "contentMD6" is not allowed here; did you mean "contentMD5"? values are: exists, itemName, itemType, size, created, lastModified, childItems, contentMD5, structure, columnCount',
  },
  {
    title: 'no field',
    asked: () => ask(file, []),
    message:
      'activity "Look" (GetMetadata): typeProperties.fieldList must name at least one of: exists, itemName, itemType, size, created, lastModified, childItems, contentMD5, structure, columnCount',
  },
  {
    title: 'a field of files asked of a folder',
    asked: () => ask(folder, ['size']),
    message:
      'activity "Look" asks for size, which a folder such as inbox does not have; it has: exists, itemName, itemType, childItems',
  },
  {
    title: 'a field of folders asked of a file',
    asked: () => ask(file, ['childItems']),
    message:
      'activity "Look" asks for childItems, which a file such as inbox/a.zip does not have; it has: exists, itemName, itemType, size, created, lastModified, contentMD5',
  },
])('$title is refused for good', async ({ asked, message }) => {
  await expect(asked()).rejects.toMatchObject({ name: 'DefinitionError', message })
})

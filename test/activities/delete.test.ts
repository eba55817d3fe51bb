import { describe, expect, test } from 'vitest'
import { deleteFiles } from '../../activities/delete.ts'
import type { JsonObject } from '../../adf/json.ts'
import { invocationOf } from '../support/invocation.ts'
import { context, type CopyPlant, copyPlant, dataset, textAt } from './copy/copying.ts'

async function plantWithFiles(): Promise<CopyPlant> {
  const plant = await copyPlant()
  for (const path of ['old/a.txt', 'old/b.log', 'old/x/c.txt', 'kept.txt']) await plant.put(path, path)
  return plant
}

async function remove(
  plant: CopyPlant,
  folder: string,
  file: string | null,
  properties: JsonObject,
  attempt = 1,
): Promise<JsonObject> {
  const reference = { referenceName: 'd', type: 'DatasetReference', parameters: {} }
  const logs = { name: 'logs', type: 'FileServer', typeProperties: { host: 'plant' } }
  const invocation = invocationOf(
    'Delete',
    { dataset: reference, ...properties },
    { name: 'Clean', datasets: { d: dataset('Binary', folder, file) }, linkedServices: { logs } },
  )
  return deleteFiles(invocation, { ...context, attempt }, plant.dependencies)
}

describe('which files are deleted', () => {
  test.each<{ title: string; file: string | null; settings: JsonObject; left: string[]; deleted: number }>([
    { title: 'one', file: 'a.txt', settings: {}, left: ['kept.txt', 'old/b.log', 'old/x/c.txt'], deleted: 1 },
    {
      title: 'those at the top of a folder',
      file: null,
      settings: {},
      left: ['kept.txt', 'old/x/c.txt'],
      deleted: 2,
    },
    { title: 'all of a folder', file: null, settings: { recursive: true }, left: ['kept.txt'], deleted: 3 },
    {
      title: 'those that a wildcard means',
      file: null,
      settings: { recursive: true, wildcardFileName: '*.txt' },
      left: ['kept.txt', 'old/b.log'],
      deleted: 2,
    },
    {
      title: 'none that is too young',
      file: null,
      settings: { recursive: true, modifiedDatetimeEnd: '2000-01-01T00:00:00Z' },
      left: ['kept.txt', 'old/a.txt', 'old/b.log', 'old/x/c.txt'],
      deleted: 0,
    },
  ])('$title', async ({ file, settings, left, deleted }) => {
    const plant = await plantWithFiles()
    const output = await remove(plant, 'old', file, { storeSettings: settings })
    expect(await plant.files()).toEqual(left)
    expect(output).toMatchObject({ filesDeleted: deleted, isWildcardUsed: 'wildcardFileName' in settings })
  })
})

test('a call that is repeated finds less and succeeds; a file that never was there fails', async () => {
  const plant = await plantWithFiles()
  await remove(plant, 'old', 'a.txt', {})
  expect(await remove(plant, 'old', 'a.txt', {}, 2)).toMatchObject({ filesDeleted: 0 })
  await expect(remove(plant, 'old', 'a.txt', {})).rejects.toThrow('old/a.txt is not in the store')
})

test('the names of deleted files are kept where that is asked for', async () => {
  const plant = await plantWithFiles()
  const reference = { referenceName: 'logs', type: 'LinkedServiceReference', parameters: {} }
  const output = await remove(plant, 'old', null, {
    enableLogging: true,
    logStorageSettings: { linkedServiceName: reference, path: 'logs' },
  })
  expect(await plant.read(textAt(output, 'logPath'))).toMatch(
    /^Timestamp,Level,OperationName,OperationItem,Message\n[^\n]+,Info,Delete,"old\/a.txt","Deleted"\n[^\n]+,Info,Delete,"old\/b.log","Deleted"\n$/,
  )
})

test('a whole store is never meant', async () => {
  const plant = await plantWithFiles()
  await expect(remove(plant, '', null, { storeSettings: { recursive: true } })).rejects.toMatchObject({
    name: 'DefinitionError',
    message: expect.stringContaining("would delete all of linked service 'plant'"),
  })
})

import { describe, expect, test } from 'vitest'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { JsonObject } from '../../../adf/json.ts'
import { type CopyPlant, copyPlant, dataset, textAt } from './copying.ts'

const binary = (store: JsonObject = {}, sink: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  source: { type: 'BinarySource', storeSettings: { type: 'FileServerReadSettings', ...store } },
  sink: { type: 'BinarySink', storeSettings: { type: 'FileServerWriteSettings', ...sink } },
  ...more,
})

async function plantWith(files: Readonly<Record<string, string>>): Promise<CopyPlant> {
  const plant = await copyPlant()
  for (const [path, content] of Object.entries(files)) await plant.put(path, content)
  return plant
}

const tree = { 'in/a.txt': 'a', 'in/b.log': 'b', 'in/x/c.txt': 'c', 'in/x/y/d.txt': 'd' }

describe('which files are copied', () => {
  test.each<{ title: string; store: JsonObject; copied: string[] }>([
    { title: 'all of a folder', store: {}, copied: ['a.txt', 'b.log', 'x/c.txt', 'x/y/d.txt'] },
    { title: 'those at its top', store: { recursive: false }, copied: ['a.txt', 'b.log'] },
    {
      title: 'those that a name with wildcards means',
      store: { wildcardFileName: '?.t*' },
      copied: ['a.txt', 'x/c.txt', 'x/y/d.txt'],
    },
    {
      title: 'those of folders with wildcards, kept below what is fixed of them',
      store: { wildcardFolderPath: 'in/*', wildcardFileName: '*.txt' },
      copied: ['x/c.txt', 'x/y/d.txt'],
    },
    {
      title: 'those of folders with wildcards without deeper ones',
      store: { wildcardFolderPath: 'in/?', recursive: 'false' },
      copied: ['x/c.txt'],
    },
    { title: 'those that begin with a prefix', store: { prefix: 'in/x/' }, copied: ['c.txt', 'y/d.txt'] },
    { title: 'those of a list', store: { fileListPath: 'list.txt' }, copied: ['a.txt', 'x/c.txt'] },
    { title: 'those that changed before', store: { modifiedDatetimeEnd: '2000-01-01' }, copied: [] },
    {
      title: 'those that changed after',
      store: { modifiedDatetimeStart: '2000-01-01T00:00:00Z', wildcardFileName: 'b*' },
      copied: ['b.log'],
    },
  ])('$title', async ({ store, copied }) => {
    const plant = await plantWith({ ...tree, 'list.txt': 'a.txt\r\n\r\nx/c.txt\n' })
    const output = await plant.copy(
      binary(store),
      dataset('Binary', 'in', null),
      dataset('Binary', 'out', null),
    )
    expect(await plant.files('out')).toEqual(copied)
    expect(output).toMatchObject({ filesRead: copied.length, filesWritten: copied.length })
    expect(output).not.toHaveProperty('rowsRead')
  })

  test('a caret takes the meaning from a wildcard', async () => {
    const plant = await plantWith({ 'in/a*.txt': 'star', 'in/ab.txt': 'plain' })
    await plant.copy(
      binary({ wildcardFileName: 'a^*.txt' }),
      dataset('Binary', 'in', null),
      dataset('Binary', 'out', null),
    )
    expect(await plant.files('out')).toEqual(['a*.txt'])
  })
})

describe('how they are laid down', () => {
  test('one file under the name of the sink', async () => {
    const plant = await plantWith(tree)
    await plant.copy(binary(), dataset('Binary', 'in', 'a.txt'), dataset('Binary', 'out/deep', 'z.bin'))
    expect(await plant.files('out')).toEqual(['deep/z.bin'])
  })

  test('flattened, under names that a repeated call gives again', async () => {
    const plant = await plantWith(tree)
    const once = async (): Promise<string[]> => {
      await plant.copy(
        binary({}, { copyBehavior: 'flattenHierarchy' }),
        dataset('Binary', 'in', null),
        dataset('Binary', 'out', null),
      )
      return plant.files('out')
    }
    const first = await once()
    expect(first).toHaveLength(4)
    expect(first.every((name) => /^data_[0-9a-f-]{36}\.(txt|log)$/.test(name))).toBe(true)
    expect(await once()).toEqual(first)
  })

  test('merged in the order of their paths', async () => {
    const plant = await plantWith(tree)
    await plant.copy(
      binary({}, { copyBehavior: 'MergeFiles' }),
      dataset('Binary', 'in', null),
      dataset('Binary', 'out', 'all'),
    )
    expect(await plant.read('out/all')).toBe('abcd')
  })

  test('several files never become one by name alone', async () => {
    const plant = await plantWith(tree)
    const copied = plant.copy(binary(), dataset('Binary', 'in', null), dataset('Binary', 'out', 'all'))
    await expect(copied).rejects.toMatchObject({
      name: 'DefinitionError',
      message:
        "4 files would all become all, the fileName of dataset 'Binary out'; leave fileName out, or use copyBehavior MergeFiles",
    })
  })
})

test('files are packed and unpacked as the datasets say', async () => {
  const plant = await copyPlant()
  await plant.put('in/a.txt.gz', gzipSync('hello'))
  const gzip = { compression: { type: 'GZip', level: 'Fastest' } }
  await plant.copy(binary(), dataset('Binary', 'in', null, gzip), dataset('Binary', 'plain', null))
  expect(await plant.read('plain/a.txt')).toBe('hello')
  await plant.copy(binary(), dataset('Binary', 'plain', null), dataset('Binary', 'packed', null, gzip))
  expect(gunzipSync(await plant.bytes('packed/a.txt.gz')).toString()).toBe('hello')
})

test('sources are deleted once they are copied, and copies are compared', async () => {
  const plant = await plantWith(tree)
  const output = await plant.copy(
    binary(
      { deleteFilesAfterCompletion: true, wildcardFileName: '*.txt' },
      {},
      { validateDataConsistency: true },
    ),
    dataset('Binary', 'in', null),
    dataset('Binary', 'out', null),
  )
  expect(await plant.files('in')).toEqual(['b.log'])
  expect(output).toMatchObject({
    dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: 'None' },
  })
})

test('what is copied is logged where that is asked for', async () => {
  const plant = await plantWith(tree)
  const logs = { name: 'logs', type: 'FileServer', typeProperties: { host: 'plant' } }
  const reference = { referenceName: 'logs', type: 'LinkedServiceReference', parameters: {} }
  const output = await plant.copy(
    binary(
      { wildcardFileName: 'a.txt' },
      {},
      {
        logSettings: {
          enableCopyActivityLog: true,
          copyActivityLogSettings: { logLevel: 'Info' },
          logLocationSettings: { linkedServiceName: reference, path: 'logs' },
        },
      },
    ),
    dataset('Binary', 'in', null),
    dataset('Binary', 'out', null),
    { linkedServices: { logs } },
  )
  const path = textAt(output, 'logFilePath')
  expect(path).toMatch(/^logs\/copyactivity-logs\/Copy files\/run-1\/[0-9a-f-]{36}\.csv$/)
  const lines = (await plant.read(path)).trim().split('\n')
  expect(lines.map((line) => line.replace(/^\d{4}-\S+ [\d:.]+,/, ''))).toEqual([
    'Timestamp,Level,OperationName,OperationItem,Message',
    'Info,FileRead,"in/a.txt","Complete reading file successfully."',
    'Info,FileWrite,"out/a.txt","Complete writing file from in/a.txt successfully."',
  ])
})

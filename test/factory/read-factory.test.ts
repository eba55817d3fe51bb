import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatIssue } from '../../adf/errors.ts'
import { pipelineNames, validateFactory } from '../../adf/plan/validate-factory.ts'
import { loadFactory } from '../../adf/plan/load-factory.ts'
import { resolveTriggers } from '../../adf/plan/resolve-triggers.ts'
import { planPipeline, preparePlan } from '../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { storedPath } from '../../clients/factory/store-plan.ts'
import { writeSchemas } from '../../clients/factory/write-schema.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-factory-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function folderOf(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, name, path)
    await mkdir(dirname(at), { recursive: true })
    await writeFile(at, content)
  }
  return join(root, name)
}

const pipeline =
  'properties: { activities: [{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }] }\n'

describe('files that activities use', () => {
  const gelsight = join(import.meta.dirname, '../../factories/gelsight')

  test.each([
    [
      'routine_schemas.yaml',
      ['tolerance_max: 0.025', 'tolerence_max: 0.025'],
      'routine_schemas.yaml:31 routines["Defect Detection"].results["depth"].tolerence_max "tolerence_max" is not a property here; ' +
        'allowed are name, unit, tolerance_min, tolerance_max, nominal, lower, upper',
    ],
    [
      'table/dim_device.yaml',
      ['description:', 'descripton:'],
      'table/dim_device.yaml:2 descripton "descripton" is not a property here; allowed are name, description, columns, key, ' +
        'materialization, partitionBy, checks, foreignKeys, requiredColumns, anomalies, warehouse',
    ],
  ])('are judged before a run: %s', async (path, [right = '', wrong = ''], message) => {
    const text = await readFile(join(gelsight, path), 'utf8')
    const folder = await folderOf(`misspelt-${path.replaceAll('/', '-')}`, {
      'pipeline/p.yaml': pipeline,
      [path]: text.replace(right, wrong),
    })
    const { plan, issues } = planPipeline(await readFactory(folder), 'p', 'dev')
    expect(plan).toBeNull()
    expect(issues.map(formatIssue)).toEqual([message])
  })
})

describe('reading a factory', () => {
  test('finds it below the folder that is given, as in a git repository of ADF', async () => {
    const folder = await folderOf('repository', {
      'README.md': 'x',
      'publish_config.json': '{}',
      '.git/config': 'x',
      'adf/pipeline/Copy scans.json': JSON.stringify({ name: 'Copy scans', properties: { activities: [] } }),
      'adf/factory/my-factory.json': JSON.stringify({
        name: 'my-factory',
        properties: { globalParameters: { zone: { type: 'string', value: 'UTC' } } },
        location: 'westeurope',
      }),
      'adf/dataflow/d.json': '{}',
    })
    const factory = await readFactory(folder)
    expect(factory.source.files.map((file) => file.path)).toEqual([
      'dataflow/d.json',
      'factory/my-factory.json',
      'pipeline/Copy scans.json',
    ])
    expect(planPipeline(factory, 'copy scans', 'dev').plan).toMatchObject({
      factory: 'my-factory',
      pipeline: 'Copy scans',
      globalParameters: { zone: 'UTC' },
    })
  })

  test('says what is missing, or too many', async () => {
    const none = await folderOf('none', { 'a/x.txt': '' })
    const two = await folderOf('two', { 'a/pipeline/p.yaml': pipeline, 'b/factory.yaml': 'name: b\n' })
    await expect(readFactory(none)).rejects.toThrow(
      `${none} holds no factory: a factory is a folder with pipeline/ or factory.yaml`,
    )
    await expect(readFactory(two)).rejects.toThrow(
      `${two} holds 2 factories; give one of: ${join(two, 'a')}, ${join(two, 'b')}`,
    )
    await expect(readFactory(join(root, 'missing'))).rejects.toThrow(
      'missing cannot be read; give the folder of a factory',
    )
  })

  test('follows links, which a mounted ConfigMap is made of', async () => {
    const folder = await folderOf('mounted', { '..data/p.yaml': pipeline, 'factory.yaml': 'name: mounted\n' })
    await mkdir(join(folder, 'pipeline'))
    await symlink('../..data/p.yaml', join(folder, 'pipeline/p.yaml'))
    expect(pipelineNames((await readFactory(folder)).source)).toEqual(['p'])
    await symlink('..', join(folder, 'pipeline/up'))
    await expect(readFactory(folder)).rejects.toThrow('20 folders deep; does a link lead back up?')
  })

  test('reports a definition that is not text, and keeps other files whatever they are', async () => {
    const folder = await folderOf('binary', {
      'pipeline/p.yaml': new Uint8Array([0xff, 0xfe, 0x00]),
      'table/picture.png': new Uint8Array([0xff, 0xd8]),
    })
    const { source } = await readFactory(folder)
    expect(validateFactory(source).map(formatIssue)).toEqual([
      'pipeline/p.yaml (file) is not UTF-8 text; a definition is YAML or JSON',
    ])
  })
})

describe('a plan that is ready to start', () => {
  test('has its files in the lake, as they were when it was read', async () => {
    const folder = await folderOf('stored', {
      'pipeline/p.yaml': pipeline,
      'table/t.sql': 'SELECT 1',
      'table/t.bin': new Uint8Array([0, 255]),
    })
    const lake = new LocalLake({ root: join(root, 'lake') })
    const factory = await readFactory(folder)
    await writeFile(join(folder, 'table/t.sql'), 'SELECT 2')
    const plan = await preparePlan(lake, factory, 'p', 'dev')
    expect(await lake.readText(storedPath(plan.resources['table/t.sql'] ?? ''))).toBe('SELECT 1')
    expect([...(await lake.readBytes(storedPath(plan.resources['table/t.bin'] ?? '')))]).toEqual([0, 255])
    expect(await preparePlan(lake, factory, 'p', 'dev')).toEqual(plan)
  })

  test('is refused with every error', async () => {
    const folder = await folderOf('wrong', {
      'pipeline/p.yaml':
        'properties:\n  activities:\n    - { name: a, type: Wait }\n    - { name: a, type: Fial }\n',
    })
    const factory = await readFactory(folder)
    const lake = new LocalLake({ root: join(root, 'lake') })
    await expect(preparePlan(lake, factory, 'p', 'dev')).rejects.toMatchObject({
      name: 'DefinitionError',
      issues: [{ line: 3 }, { line: 4 }, { line: 4 }],
    })
  })
})

describe.each([
  ['gelsight', ['bronze_ingest', 'gold_analytics', 'silver_transform'], ['daily']],
  ['hello', ['hello'], []],
])('the factory %s', (name, pipelines, schedules) => {
  const folder = join(import.meta.dirname, '../../factories', name)

  test('has nothing wrong in it', async () => {
    const { source } = await readFactory(folder)
    expect(validateFactory(source).map(formatIssue)).toEqual([])
    expect(pipelineNames(source)).toEqual(pipelines)
    expect(resolveTriggers(loadFactory(source)).schedules.map((one) => one.trigger)).toEqual(schedules)
  })
})

test('the schemas in docs/schema are what the definitions say', async () => {
  expect(await writeSchemas(join(import.meta.dirname, '../../docs/schema'), true)).toEqual([])
})

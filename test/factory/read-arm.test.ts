import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import { pipelineNames, validateFactory } from '../../adf/plan/validate-factory.ts'
import { planPipeline } from '../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-arm-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function folderOf(name: string, files: Readonly<Record<string, JsonValue>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, name, path)
    await mkdir(dirname(at), { recursive: true })
    await writeFile(at, JSON.stringify(content))
  }
  return join(root, name)
}

const template = (...pipelines: string[]) => ({
  parameters: { seconds: { type: 'int', defaultValue: 1 } },
  resources: pipelines.map((name) => ({
    type: 'Microsoft.DataFactory/factories/pipelines',
    name: `[concat(parameters('factoryName'), '/${name}')]`,
    properties: {
      activities: [
        { name: 'w', type: 'Wait', typeProperties: { waitTimeInSeconds: "[parameters('seconds')]" } },
      ],
    },
  })),
})
const parameters = { parameters: { factoryName: { value: 'plant' }, seconds: { value: 3 } } }

test('a publish branch is read with its parameters, from its folder or its file', async () => {
  const folder = await folderOf('publish', {
    'plant/ARMTemplateForFactory.json': template('p', 'q'),
    'plant/ARMTemplateParametersForFactory.json': parameters,
    'plant/linkedTemplates/ArmTemplate_master.json': template('other'),
  })
  const file = join(folder, 'plant/ARMTemplateForFactory.json')
  for (const place of [folder, file]) {
    const factory = await readFactory(place)
    expect(factory.root).toBe(file)
    expect(planPipeline(factory, 'p', 'dev').plan).toMatchObject({
      factory: 'plant',
      pipelines: { p: { activities: [{ waitTimeInSeconds: 3 }] } },
    })
    for (const sha256 of Object.values(planPipeline(factory, 'p', 'dev').plan?.resources ?? {}))
      expect(factory.contents.has(sha256)).toBe(true)
  }
})

test("linked templates are read in their parts, with the factory's own", async () => {
  const folder = await folderOf('linked/linkedTemplates', {
    'ArmTemplate_master.json': {
      resources: [{ type: 'Microsoft.Resources/deployments', properties: { templateLink: { uri: 'x' } } }],
    },
    'ArmTemplate_10.json': template('last'),
    'ArmTemplate_0.json': template('first'),
    'ArmTemplateParameters_master.json': parameters,
    'factory/plant_ARMTemplateForFactory.json': {
      resources: [{ type: 'Microsoft.DataFactory/factories', name: 'plant', properties: {} }],
    },
  })
  const { source } = await readFactory(folder)
  expect(pipelineNames(source)).toEqual(['first', 'last'])
  expect(validateFactory(source)).toEqual([])
})

test('the git layout counts before a template beside it', async () => {
  const folder = await folderOf('both', {
    'ARMTemplateForFactory.json': template('p'),
    'git/pipeline/g.json': { properties: { activities: [] } },
  })
  expect(pipelineNames((await readFactory(folder)).source)).toEqual(['g'])
})

test('several templates are refused by name', async () => {
  const folder = await folderOf('several', {
    'a/ARMTemplateForFactory.json': template('p'),
    'b/ARMTemplateForFactory.json': template('p'),
  })
  await expect(readFactory(folder)).rejects.toThrow('holds 2 ARM templates; give one of: ')
})

test('stored procedures, which no export holds, are read beside the template', async () => {
  const folder = await folderOf('procedures', { 'ARMTemplateForFactory.json': template('p') })
  await mkdir(join(folder, 'procedure'))
  await writeFile(join(folder, 'procedure/dbo.usp_a.sql'), 'CREATE PROC dbo.usp_a AS SELECT 1')
  const factory = await readFactory(folder)
  const resources = planPipeline(factory, 'p', 'dev').plan?.resources ?? {}
  const sha256 = resources['procedure/dbo.usp_a.sql'] ?? ''
  expect(Buffer.from(factory.contents.get(sha256) ?? []).toString()).toBe('CREATE PROC dbo.usp_a AS SELECT 1')
})

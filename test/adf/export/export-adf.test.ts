import { expect, test } from 'vitest'
import type { JsonValue } from '../../../adf/json.ts'
import { controlActivities } from '../../../adf/activity/activity-types.ts'
import { isAdfType } from '../../../adf/export/adf-types.ts'
import { exportAdf } from '../../../adf/export/export-adf.ts'
import { buildPlan } from '../../../adf/plan/build-plan.ts'
import { goodFactory } from '../plan/good-pipeline.ts'
import { factoryOf, sha256 } from '../plan/in-memory-factory.ts'

function exported(files: Readonly<Record<string, string>>) {
  const { files: written, remarks } = exportAdf(factoryOf(files))
  return {
    texts: Object.fromEntries(written.map(({ path, text }) => [path, text])),
    remarks: remarks.map(({ file, line, place, message }) => `${file}:${line} ${place} ${message}`),
  }
}

test('what is ADF already is written byte for byte', () => {
  const files = {
    'pipeline/Copy scans.json':
      '{"name":"Copy scans","properties":{"activities":[{"name":"c","type":"Copy","typeProperties":{"n":1.0,"big":12345678901234567890}}],\n"annotations":[]},"type":"Microsoft.DataFactory/factories/pipelines"}',
    'dataset/d.json': '{"name": "d", "properties": {"type": "Binary"}}',
    'linkedService/l.json': '{"name": "l", "properties": {}}',
    'trigger/t.json': '{"name": "t", "properties": {}}',
    'dataflow/f.json': '{"name": "f"}',
    'integrationRuntime/ir.json': '{}',
    'factory/plant.json': '{"name": "plant", "properties": {"globalParameters": {}}}',
    'publish_config.json': '{"publishBranch": "adf_publish"}',
  }
  expect(exported(files)).toEqual({ texts: files, remarks: [] })
})

test('YAML becomes JSON, with what ADF wants written', () => {
  const { texts } = exported({
    'pipeline/p.yaml': `properties:
  activities:
    - name: v
      type: Validation
      policy: { timeout: 2 hours }
      typeProperties: { dataset: { referenceName: d }, timeout: 1.12:00:00 }
    - { name: w, type: Wait, dependsOn: [{ activity: v }], typeProperties: { waitTimeInSeconds: 1 } }
    - name: c
      type: ExecutePipeline
      typeProperties:
        pipeline: { referenceName: p }
        parameters: { timeout: 2 hours, dataset: { referenceName: mine } }
`,
  })
  expect(JSON.parse(texts['pipeline/p.json'] ?? '')).toEqual({
    name: 'p',
    properties: {
      activities: [
        {
          name: 'v',
          type: 'Validation',
          policy: { timeout: '0.02:00:00' },
          typeProperties: {
            dataset: { referenceName: 'd', type: 'DatasetReference' },
            timeout: '1.12:00:00',
          },
        },
        {
          name: 'w',
          type: 'Wait',
          dependsOn: [{ activity: 'v', dependencyConditions: ['Succeeded'] }],
          typeProperties: { waitTimeInSeconds: 1 },
        },
        {
          name: 'c',
          type: 'ExecutePipeline',
          typeProperties: {
            pipeline: { referenceName: 'p', type: 'PipelineReference' },
            parameters: { timeout: '2 hours', dataset: { referenceName: 'mine' } },
          },
        },
      ],
    },
  })
})

test('a factory of every activity type has the same plan after the way there and back', () => {
  const { texts } = exported(goodFactory)
  const planOf = (files: Readonly<Record<string, string>>) => {
    const { plan, issues } = buildPlan(factoryOf(files), 'x', 'dev', sha256)
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([])
    const { pipelines, datasets, linkedServices, globalParameters, chain, factory } = plan ?? {}
    return { pipelines, datasets, linkedServices, globalParameters, chain, factory }
  }
  const tables = Object.entries(goodFactory).filter(([path]) => path.startsWith('table/'))
  expect(planOf({ ...texts, ...Object.fromEntries(tables) })).toEqual(planOf(goodFactory))
  expect(exported(texts).texts).toEqual(texts)
})

test('what ADF does not take is named', () => {
  const { texts, remarks } = exported({
    'factory.yaml': 'name: f\nglobalParameters: { a: { type: Int, value: 1 } }\nenvironments: { dev: {} }\n',
    'pipeline/p.yaml': 'name: p\nproperties:\n  activities:\n    - name: find\n      type: FindScans\n',
    'table/t.sql': 'SELECT 1',
    'dataset/broken.json': '{',
  })
  expect(Object.keys(texts)).toEqual(['factory/f.json', 'pipeline/p.json'])
  expect(JSON.parse(texts['factory/f.json'] ?? '') as JsonValue).toEqual({
    name: 'f',
    properties: { globalParameters: { a: { type: 'Int', value: 1 } } },
  })
  expect(remarks).toEqual([
    'factory.yaml:3 environments is left out: ADF has no place for it',
    'pipeline/p.yaml:5 activities["find"].type "FindScans" is an activity type of Headrace: ADF refuses the pipeline until another one takes its place',
    'table/t.sql:null (file) is left out: ADF has no place for it',
    'dataset/broken.json:null (file) is left out: it cannot be read',
  ])
})

test("ADF's own types are not called Headrace's", () => {
  for (const type of [...Object.keys(controlActivities), 'Copy', 'lookup', 'HDInsightPig'])
    expect(isAdfType(type)).toBe(true)
  for (const type of ['FindScans', 'BuildTable', 'Notify']) expect(isAdfType(type)).toBe(false)
})

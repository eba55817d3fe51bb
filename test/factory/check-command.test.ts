import { Ajv } from 'ajv'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headrace } from '../clients/headrace.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-check-'))
  await mkdir(join(folder, 'pipeline'))
  const wait = '{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }'
  await writeFile(join(folder, 'pipeline/good.yaml'), `properties: { activities: [${wait}] }\n`)
  await writeFile(
    join(folder, 'pipeline/many.yaml'),
    `properties:\n  concurrency: 3\n  activities: [${wait}]\n`,
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('one line a pipeline, reasons below, and an exit code by --fail-on', async () => {
  const { code, stdout } = await headrace(['check', folder])
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'Ready         pipeline good  1 activity',
    'Needs review  pipeline many  1 activity',
    '  review       pipeline/many.yaml:2 concurrency 3 is not kept: no run waits for another one [concurrency]',
  ])
  expect(stdout).toContain(': 2 pipelines: 1 ready, 1 to be reviewed, 0 unsupported\n')
  expect(code).toBe(0)
  expect((await headrace(['check', folder, '--fail-on', 'review'])).code).toBe(1)
  expect(await headrace(['check', folder, '--fail-on', 'sometimes'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('allowed: never, unsupported, review, note'),
  })
})

test('--json gives programs the findings', async () => {
  const { stdout } = await headrace(['check', folder, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    root: folder,
    pipelines: [
      { name: 'good', grade: 'Ready', activities: 1, findings: [] },
      { name: 'many', grade: 'Needs review', findings: [{ id: 'concurrency', level: 'review', line: 2 }] },
    ],
  })
})

const located = {
  type: 'object',
  required: ['physicalLocation', 'logicalLocations'],
  properties: {
    physicalLocation: {
      type: 'object',
      required: ['artifactLocation', 'region'],
      properties: {
        artifactLocation: {
          type: 'object',
          required: ['uri'],
          properties: { uri: { type: 'string' }, uriBaseId: { type: 'string' } },
          additionalProperties: false,
        },
        region: {
          type: 'object',
          required: ['startLine'],
          properties: { startLine: { type: 'integer', minimum: 1 } },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
    logicalLocations: {
      type: 'array',
      items: { type: 'object', properties: { fullyQualifiedName: { type: 'string' } } },
    },
  },
  additionalProperties: false,
}
const text = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', minLength: 1 } },
  additionalProperties: false,
}

/** The part of SARIF 2.1.0's schema that a log of ours uses, without what it does not. */
const sarifSchema = {
  type: 'object',
  required: ['version', 'runs'],
  properties: {
    $schema: { type: 'string' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: {
                        id: { type: 'string' },
                        name: { type: 'string' },
                        shortDescription: text,
                        help: text,
                      },
                      additionalProperties: false,
                    },
                  },
                },
                additionalProperties: false,
              },
            },
            additionalProperties: false,
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['message', 'ruleId'],
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['none', 'note', 'warning', 'error'] },
                message: text,
                locations: { type: 'array', items: located },
              },
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
}

test('--sarif writes a log that code scanning reads, each finding once', async () => {
  const file = join(folder, 'check.sarif')
  const { code } = await headrace(['check', folder, '--sarif', file, '--fail-on', 'note'])
  expect(code).toBe(1)
  const log: unknown = JSON.parse(await readFile(file, 'utf8'))
  await rm(file)
  const validate = new Ajv().compile(sarifSchema)
  validate(log)
  expect(validate.errors).toBe(null)
  expect(log).toMatchObject({
    runs: [
      {
        tool: { driver: { rules: [{ id: 'concurrency' }] } },
        results: [
          {
            ruleId: 'concurrency',
            ruleIndex: 0,
            level: 'warning',
            message: { text: 'concurrency 3 is not kept: no run waits for another one' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'pipeline/many.yaml' },
                  region: { startLine: 2 },
                },
                logicalLocations: [{ fullyQualifiedName: 'concurrency' }],
              },
            ],
          },
        ],
      },
    ],
  })
})

test('headrace export adf writes JSON into a new folder only', async () => {
  const out = join(folder, 'out')
  const { code, stdout } = await headrace(['export', 'adf', folder, '--out', out])
  expect(stdout).toBe(`${out}: 2 files, 0 remarks\n`)
  expect(code).toBe(0)
  expect(await readdir(join(out, 'pipeline'))).toEqual(['good.json', 'many.json'])
  expect(await headrace(['export', 'adf', folder, '--out', out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not empty; give a new folder'),
  })
})

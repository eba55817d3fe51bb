import { describe, expect, test } from 'vitest'
import { factoryFromArm } from '../../../adf/arm/factory-from-arm.ts'
import { formatIssue } from '../../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import { buildPlan } from '../../../adf/plan/build-plan.ts'
import type { FactorySource } from '../../../adf/plan/factory-source.ts'
import { validateFactory } from '../../../adf/plan/validate-factory.ts'
import { factoryOf, sha256 } from '../plan/in-memory-factory.ts'

const pipelines = 'Microsoft.DataFactory/factories/pipelines'

function arm(template: JsonObject, parameters: JsonObject = {}): FactorySource {
  const text = (value: JsonValue) => JSON.stringify(value, null, 2)
  return factoryFromArm(
    {
      templates: [{ path: 'arm.json', text: text(template) }],
      parameters: { path: 'parameters.json', text: text({ parameters }) },
      name: 'folder',
    },
    sha256,
  )
}

/** Definitions by path. */
function documents(source: FactorySource): Record<string, JsonValue> {
  return Object.fromEntries(source.files.map(({ path, text }) => [path, JSON.parse(text ?? '') as JsonValue]))
}

const issues = (source: FactorySource) =>
  validateFactory(source).map((one) => `${one.severity === 'warning' ? 'warning: ' : ''}${formatIssue(one)}`)

/** `value` of the only variable of the only pipeline. */
function decoded(value: JsonValue, template: JsonObject = {}, parameters: JsonObject = {}) {
  const source = arm(
    {
      ...template,
      resources: [
        {
          type: pipelines,
          name: "[concat(parameters('factoryName'), '/p')]",
          properties: { activities: [], variables: { v: { type: 'String', defaultValue: value } } },
        },
      ],
    },
    parameters,
  )
  const file = source.files.find(({ path }) => path === 'pipeline/p.json')
  const { properties } = JSON.parse(file?.text ?? '') as {
    properties: { variables: { v: { defaultValue: JsonValue } } }
  }
  return { value: properties.variables.v.defaultValue, problems: file?.cut?.parsed.problems ?? [] }
}

const template = {
  parameters: {
    url: { type: 'string', defaultValue: 'https://default' },
    count: { type: 'int', defaultValue: 7 },
    secret: { type: 'secureString' },
    missing: { type: 'string' },
    round: { type: 'string', defaultValue: "[parameters('round')]" },
  },
  variables: { factoryId: "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]" },
}

describe('texts of a template', () => {
  const cases: readonly [title: string, text: JsonValue, value: JsonValue][] = [
    ['a text stands for itself', 'plain [text]', 'plain [text]'],
    ['a text that only starts with a bracket does', '[dbo].[t] x', '[dbo].[t] x'],
    ['a doubled bracket is one', '[[dbo].[Table]', '[dbo].[Table]'],
    ['JSON paths keep theirs', "[['prod']", "['prod']"],
    ['ADF expressions stay as they are', "@concat('[', 'a', ']')", "@concat('[', 'a', ']')"],
    ['a parameter of the parameters file', "[parameters('url')]", 'https://given'],
    ['names are compared whatever their case', "[Parameters('URL')]", 'https://given'],
    ['a default, in its type', "[parameters('count')]", 7],
    ['variables', "[variables('factoryId')]", 'Microsoft.DataFactory/factories/folder'],
    ['functions on text', "[toUpper(format('{0}-{1}', 'a', parameters('count')))]", 'A-7'],
    ['branches', "[if(equals(parameters('count'), 7), 'seven', resourceId('x'))]", 'seven'],
    ['selections', "[createObject('a', createArray('x', 'y')).a[1]]", 'y'],
  ]
  test.each(cases)('%s', (_title, text, value) => {
    expect(decoded(text, template, { url: { value: 'https://given' } })).toEqual({ value, problems: [] })
  })

  const wrong: readonly [text: string, severity: string, message: string][] = [
    ["[resourceId('x')]", 'error', 'resourceId() has no value outside Azure'],
    ["[parameters('missing')]", 'error', 'has no value and no default; give it in the parameters file'],
    ["[parameters('nowhere')]", 'error', 'parameters("nowhere") is not declared in the template'],
    ["[parameters('round')]", 'error', 'parameters("round") is made of itself'],
    [
      "[parameters('secret')]",
      'warning',
      'is a secret that has no value here: empty text stands in its place',
    ],
    ["[parameters('vault')]", 'warning', 'is a secret of Azure Key Vault'],
    ['[a b]', 'error', '"[a b]" is no ARM expression'],
  ]
  test.each(wrong)('%s is an issue', (text, severity, message) => {
    const { problems } = decoded(text, template, { vault: { reference: { secretName: 'x' } } })
    expect(problems).toMatchObject([
      {
        severity,
        path: ['properties', 'variables', 'v', 'defaultValue'],
        message: expect.stringContaining(message),
      },
    ])
  })
})

const lake = { type: 'AzureBlobFS', typeProperties: { url: "[parameters('url')]" } }
const drop = {
  type: 'Binary',
  linkedServiceName: { referenceName: "[parameters('service')]", type: 'LinkedServiceReference' },
  typeProperties: { location: { type: 'AzureBlobFSLocation', folderPath: 'inbox' } },
}
const waiting: { activities: JsonObject[] } = {
  activities: [
    {
      name: 'Wait for it',
      type: 'Validation',
      typeProperties: { dataset: { referenceName: 'drop', type: 'DatasetReference' } },
    },
    {
      name: 'Later',
      type: 'Wait',
      typeProperties: { waitTimeInSeconds: 1 },
      dependsOn: [{ activity: 'Wait fort it' }],
    },
  ],
}
const name = (one: string) => `[concat(parameters('factoryName'), '/${one}')]`
const type = (one: string) => `Microsoft.DataFactory/factories/${one}`

describe('a template', () => {
  test('is the same factory as the git layout', () => {
    const good = { activities: waiting.activities.slice(0, 1) }
    const source = arm(
      {
        parameters: {
          factoryName: { type: 'string' },
          url: { type: 'string' },
          service: { defaultValue: 'lake' },
        },
        resources: [
          { type: type('datasets'), name: name('drop'), properties: drop, dependsOn: ["[resourceId('x')]"] },
          { type: type('linkedServices'), name: name('lake'), properties: lake },
          { type: type('pipelines'), name: name('p q'), apiVersion: '2018-06-01', properties: good },
          {
            type: type('globalparameters'),
            name: name('default'),
            properties: { zone: { type: 'string', value: 'UTC' } },
          },
        ],
      },
      { factoryName: { value: 'plant' }, url: { value: 'https://lake' } },
    )
    const git = factoryOf({
      'factory/plant.json': JSON.stringify({
        name: 'plant',
        properties: { globalParameters: { zone: { type: 'string', value: 'UTC' } } },
      }),
      'pipeline/p q.json': JSON.stringify({ name: 'p q', properties: good }),
      'dataset/drop.json': JSON.stringify({
        properties: { ...drop, linkedServiceName: { referenceName: 'lake', type: 'LinkedServiceReference' } },
      }),
      'linkedService/lake.json': JSON.stringify({
        properties: { ...lake, typeProperties: { url: 'https://lake' } },
      }),
    })
    const planOf = (one: FactorySource) => buildPlan(one, 'p q', 'dev', sha256).plan
    const fromArm = planOf(source)
    expect(fromArm).not.toBeNull()
    expect({ ...fromArm, hash: '', resources: {} }).toEqual({ ...planOf(git), hash: '', resources: {} })
  })

  test('keeps the lines of the template, in the factory too', () => {
    const source = arm({
      parameters: { url: { type: 'string' } },
      resources: [
        { type: type('pipelines'), name: name('p'), properties: { activities: waiting.activities.slice(1) } },
        { type: type('linkedServices'), name: name('lake'), properties: lake },
        {
          type: type('globalParameters'),
          name: name('default'),
          properties: { n: { type: 'Int', value: 'many' } },
        },
        { type: 'Microsoft.Storage/storageAccounts', name: 'x' },
      ],
    })
    expect(issues(source)).toEqual([
      'arm.json:44 factory/folder: globalParameters.n.value is of type Int: it must be a whole number; it is "many"',
      'warning: arm.json:49 factory/folder: (file) "Microsoft.Storage/storageAccounts" is no resource of a factory that is known here; it is left out',
      'arm.json:21 pipeline/p: activities["Later"].dependsOn[0].activity "Wait fort it" is not an activity here; there are no activities',
      'arm.json:34 linkedService/lake: typeProperties.url parameters("url") has no value and no default; give it in the parameters file',
    ])
  })

  test('may nest its resources in the factory, in deployments, or in a map of names', () => {
    const child = (one: string) => ({ name: one, properties: { activities: [] } })
    const source = arm({
      parameters: { factoryName: { defaultValue: 'old' } },
      resources: {
        factory: {
          type: 'Microsoft.DataFactory/factories',
          name: "[parameters('factoryName')]",
          properties: { globalParameters: { a: { type: 'Int', value: 1 } } },
          resources: [{ type: 'pipelines', ...child('inside') }],
        },
        deployment: {
          type: 'Microsoft.Resources/deployments',
          name: 'part',
          properties: {
            parameters: { factoryName: { value: "[parameters('factoryName')]" } },
            template: {
              resources: [{ type: pipelines, ...child("[concat(parameters('factoryName'), '/part')]") }],
            },
          },
        },
        never: { type: pipelines, condition: '[equals(1, 2)]', ...child('never') },
        endpoint: {
          type: 'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints',
          ...child("[concat(parameters('factoryName'), '/net/lake')]"),
        },
        synapse: { type: 'Microsoft.Synapse/workspaces/pipelines', ...child('workspace/synapse') },
      },
    })
    expect(Object.keys(documents(source))).toEqual([
      'factory/old.json',
      'pipeline/part.json',
      'managedVirtualNetwork/net/managedPrivateEndpoint/lake.json',
      'pipeline/synapse.json',
      'pipeline/inside.json',
    ])
    expect(documents(source)['factory/old.json']).toEqual({
      name: 'old',
      properties: { globalParameters: { a: { type: 'Int', value: 1 } } },
    })
  })

  test('that cannot be read is an issue', () => {
    const of = (text: string) =>
      issues(factoryFromArm({ templates: [{ path: 'arm.json', text }], parameters: null, name: 'f' }, sha256))
    expect(of('{"a": 1}')).toEqual(['arm.json:1 factory/f: (file) is no ARM template: it has no resources'])
    expect(of('{\n"resources": [')).toHaveLength(1)
  })
})

import { describe, expect, test } from 'vitest'
import { factoryFromArm } from '../../../adf/arm/factory-from-arm.ts'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import type { FactorySource } from '../../../adf/plan/factory-source.ts'
import { factoryOf, sha256 } from '../plan/in-memory-factory.ts'

/** What a reader of folders would give for one template. */
function armOf(template: object): FactorySource {
  const text = JSON.stringify(template, null, 1)
  return factoryFromArm({ templates: [{ path: 'arm.json', text }], parameters: null, name: 'f' }, sha256)
}

const withValue = (value: string) => ({
  'pipeline/x.yaml': `properties:\n  activities:\n    - { name: a, type: Wait, typeProperties: { waitTimeInSeconds: ${JSON.stringify(value)} } }\n`,
})
const withTest = (expression: string) => ({
  'pipeline/x.yaml': `properties:\n  activities:\n    - { name: i, type: IfCondition, typeProperties: { expression: ${JSON.stringify(expression)} } }\n`,
})
const each = (count: number, make: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`pipeline/p${i}.yaml`, make(i)]))
const resource = (type: string, name: string, properties: object, apiVersion: string) => ({
  name: `[concat(parameters('factoryName'), '/${name}')]`,
  type: `Microsoft.DataFactory/factories/${type}`,
  apiVersion,
  properties,
})

const cases: readonly [title: string, source: () => FactorySource, first: RegExp][] = [
  [
    '10,000 parentheses',
    () => factoryOf(withValue(`@${'('.repeat(10_000)}`)),
    /^pipeline\/x\.yaml:3 expected a function.* here stands '\('/,
  ],
  [
    '10,000 calls in each other',
    () => factoryOf(withTest(`@${'not('.repeat(10_000)}true${')'.repeat(10_000)}`)),
    /^pipeline\/x\.yaml:3 calls are nested deeper than 500 levels/,
  ],
  [
    'an expression of 10 MB',
    () => factoryOf(withValue(`@concat('${'x'.repeat(10_000_000)}')`)),
    /^pipeline\/x\.yaml:1 is 10000\d+ characters long; a definition has at most 5000000/,
  ],
  [
    'an expression of 4.9 MB that does not end',
    () => factoryOf(withValue(`@concat('${'x'.repeat(4_900_000)}`)),
    /^pipeline\/x\.yaml:3 this text has no closing quote/,
  ],
  [
    'half a million functions that do not exist',
    () => factoryOf(withValue('@{nope()}'.repeat(500_000))),
    /^pipeline\/x\.yaml:3 there is no function 'nope'/,
  ],
  [
    'lists in lists, 10,000 deep',
    () =>
      factoryOf({
        'pipeline/x.json': `{"properties":{"activities":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      }),
    /^pipeline\/x\.json:1 cannot be read: nesting exceeded/,
  ],
  [
    'a circle of 500 pipelines',
    () =>
      factoryOf(
        each(
          500,
          (i) =>
            `properties: { activities: [{ name: c, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: p${(i + 1) % 500} } } }] }`,
        ),
      ),
    /^pipeline\/p0\.yaml:1 pipelines run each other in a circle: p0 -> p1 -> /,
  ],
  [
    '500 pipelines that name what is not there',
    () =>
      factoryOf(
        each(
          500,
          (i) =>
            `properties:\n  activities:\n    - { name: c, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: q${i} } } }\n    - { name: d, type: Delete, typeProperties: { dataset: { referenceName: n${i} } } }\n`,
        ),
      ),
    /^pipeline\/p0\.yaml:3 "q0" is not a pipeline here/,
  ],
  [
    'wrong types everywhere',
    () =>
      factoryOf({
        'pipeline/x.yaml': 'properties:\n  activities: 5\n  parameters: [1]\n  concurrency: no\n',
        'dataset/d.yaml': 'properties: 7',
        'linkedService/l.yaml': '3',
        'trigger/t.yaml': 'properties: { type: ScheduleTrigger, typeProperties: { recurrence: x } }',
      }),
    /^pipeline\/x\.yaml:2 must be a list; it is 5/,
  ],
  [
    'an API version that nobody knows, and one of Data Factory v1',
    () =>
      armOf({
        contentVersion: '1.0.0.0',
        parameters: { factoryName: { type: 'string', defaultValue: 'f' } },
        resources: [
          resource('pipelines', 'x', { activities: [] }, '2015-10-01'),
          resource('pipelines', 'y', { activities: [] }, '2077-01-01'),
        ],
      }),
    /^arm\.json:13 "2015-10-01" is no version of the API that is known here; it is read as 2018-06-01/,
  ],
]

describe('is answered with file and line within a second', () => {
  test.each(cases)('%s', (_title, make, first) => {
    const source = make()
    // The first call pays for what is compiled once.
    checkFactory(factoryOf({ 'pipeline/w.yaml': 'properties: { activities: [] }' }))
    const before = process.cpuUsage()
    const { pipelines, triggers, factory } = checkFactory(source)
    const { user, system } = process.cpuUsage(before)
    const errors = [...pipelines, ...triggers, { findings: factory }]
      .flatMap(({ findings }) => findings)
      .filter(({ level }) => level === 'unsupported')
      .map(({ file, line, message }) => `${file}:${line} ${message}`)
    expect(
      errors.some((one) => first.test(one)),
      errors.slice(0, 3).join('\n'),
    ).toBe(true)
    expect((user + system) / 1e6).toBeLessThan(1)
  })
})

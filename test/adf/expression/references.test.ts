import { expect, test } from 'vitest'
import { references } from '../../../adf/expression/references.ts'

test('finds the names that a value refers to, each once', () => {
  const found = references({
    a: "@concat(activity('Look up').output.firstRow.id, activity('Look up').output, pipeline().parameters.batch)",
    b: ["x@{variables('v')}", { value: "@pipeline()['parameters']['day']", type: 'Expression' }],
    c: 'plain',
  })
  expect(found).toMatchObject({
    activities: ['Look up'],
    variables: ['v'],
    parameters: ['batch', 'day'],
    usesItem: false,
    dynamicActivity: false,
    dynamicVariable: false,
  })
})

test('says where a reference stands', () => {
  expect(references({ q: ["a @{activity('A')?.output}"] }).all).toEqual([
    {
      kind: 'activity',
      name: 'A',
      safe: false,
      expression: "a @{activity('A')?.output}",
      position: 4,
      path: 'q[0]',
    },
  ])
})

test('marks names that are computed', () => {
  const found = references("@activity(concat('a', variables(item())))")
  expect(found).toMatchObject({
    activities: [],
    dynamicActivity: true,
    dynamicVariable: true,
    usesItem: true,
  })
})

test.each([
  ['@pipeline().RunId', [['system', 'RunId']]],
  ['@pipeline()?.TriggeredByPipelineName', [['system', 'TriggeredByPipelineName']]],
  ['@pipeline().globalParameters.region', [['globalParameter', 'region']]],
  ['@pipeline().parameters', [['parameter', null]]],
  [
    '@pipeline().parameters[item()]',
    [
      ['parameter', null],
      ['item', null],
    ],
  ],
  [
    '@pipeline()',
    [
      ['system', null],
      ['parameter', null],
      ['globalParameter', null],
    ],
  ],
  ['@dataset().folder', [['dataset', 'folder']]],
  ["@linkedService()['url']", [['linkedService', 'url']]],
  ['@trigger().outputs.windowStartTime', [['trigger', null]]],
  ['@triggerBody().fileName', [['triggerBody', null]]],
  ['@item()', [['item', null]]],
])('%s refers to %j', (expression, expected) => {
  expect(references(expression).all.map((one) => [one.kind, one.name])).toEqual(expected)
})

test('follows references into indexes and arguments', () => {
  const found = references("@activity('A').output[variables('i')].rows[int(pipeline().parameters.n)]")
  expect(found).toMatchObject({ activities: ['A'], variables: ['i'], parameters: ['n'] })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { PlannedActivity, PlannedPipeline } from '../../adf/plan/plan.ts'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'
import {
  append,
  base,
  fail,
  forEach,
  ifCondition,
  pipeline,
  plan,
  returnValue,
  setVariable,
  until,
  wait,
  work,
} from '../support/plans.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('control')
})
afterAll(() => worker.stop())

const variables: PlannedPipeline['variables'] = {
  text: { type: 'String', defaultValue: '' },
  list: { type: 'Array', defaultValue: [] },
  count: { type: 'Integer', defaultValue: 0 },
  flag: { type: 'Bool', defaultValue: false },
}

/** Runs the activities, then returns the expression's value; or the failed run's message. */
async function valueOf(activities: readonly PlannedActivity[], expression: JsonValue): Promise<unknown> {
  const last = activities.at(-1)?.name ?? ''
  const result = returnValue('Return', [{ key: 'v', value: { type: 'Expression', content: expression } }], {
    after: [[last, 'Succeeded']],
  })
  const handle = await worker.start(plan([pipeline('control', [...activities, result], { variables })]))
  const end = await endOf(handle)
  return 'returnValue' in end ? end.returnValue['v'] : end
}

function switchOn(on: JsonValue): PlannedActivity {
  const set = (value: string): PlannedActivity[] => [setVariable(`Set ${value}`, 'text', value)]
  const cases = [
    { value: 'a', activities: set('is a') },
    { value: '7', activities: set('is seven') },
  ]
  return { ...base('S'), type: 'Switch', on, cases, defaultActivities: set('default') }
}

describe.concurrent('control activities', () => {
  test.each<[string, PlannedActivity[], JsonValue, unknown]>([
    ['SetVariable sets by type', [setVariable('A', 'count', '@add(1, 2)')], "@variables('count')", 3],
    [
      'SetVariable refuses a value of another type in ADF’s words',
      [setVariable('A', 'text', '@createArray(1)')],
      '@null',
      {
        status: 'Failed',
        message: expect.stringContaining(
          "Operation on target A failed: The variable 'text' of type 'String' cannot be initialized or updated with value of type 'Array'",
        ),
      },
    ],
    [
      'AppendVariable appends one element, an array too',
      [append('A', 'list', 'x'), append('B', 'list', '@createArray(1)', { after: ['A'] })],
      "@variables('LIST')",
      ['x', [1]],
    ],
    [
      'Filter keeps order and counts',
      [
        {
          ...base('F'),
          type: 'Filter',
          items: '@createArray(1, 2, 3, 4)',
          condition: '@greater(item(), 2)',
        },
      ],
      "@activity('F').output",
      { ItemsCount: 4, FilteredItemsCount: 2, Value: [3, 4] },
    ],
    [
      'IfCondition runs one branch, whose outputs are read from outside',
      [ifCondition('If', '@equals(1, 1)', [work('Then', { n: 5 })], [work('Else', { n: 6 })])],
      "@activity('Then').output.n",
      5,
    ],
    ['IfCondition with an empty branch succeeds', [ifCondition('If', false, [work('Then')])], 'ok', 'ok'],
    [
      'IfCondition needs true or false',
      [ifCondition('If', 'yes', [work('Then')])],
      'ok',
      {
        status: 'Failed',
        message: expect.stringContaining('must evaluate to true or false, but evaluated to "yes"'),
      },
    ],
    ['Switch takes the matching case', [switchOn('a')], "@variables('text')", 'is a'],
    ['Switch compares case-sensitively', [switchOn('A')], "@variables('text')", 'default'],
    ['Switch compares a number by its text', [switchOn('@add(3, 4)')], "@variables('text')", 'is seven'],
    [
      'Until runs the body before it tests',
      [
        until('U', "@equals(activity('Count').output.n, 3)", [
          work('Count', { n: "@add(variables('count'), 1)" }),
          setVariable('Next', 'count', "@activity('Count').output.n", { after: ['Count'] }),
        ]),
      ],
      "@variables('count')",
      3,
    ],
    [
      'Until goes on after a failed round; the last one decides',
      [
        until('U', "@equals(length(variables('list')), 3)", [
          work('Try', { fail: "@if(less(length(variables('list')), 2), 'no', null)" }),
          append('Count', 'list', 1, { after: [['Try', 'Completed']] }),
        ]),
      ],
      "@length(variables('list'))",
      3,
    ],
    [
      'Until fails at its timeout',
      [until('U', false, [wait('W', 1)], { timeoutMs: 300 })],
      'ok',
      { status: 'Failed', message: expect.stringContaining('did not hold within the timeout of 0.3 s') },
    ],
    [
      'Fail fails with its own message and code',
      [
        fail('F', "@concat('no', ' way')", '500'),
        setVariable('C', 'text', "@activity('F').error.errorCode", { after: [['F', 'Failed']] }),
      ],
      "@concat(variables('text'), ' ', activity('F').error.message)",
      '500 no way',
    ],
    ['ForEach over nothing succeeds', [forEach('L', [], [work('In')])], 'ok', 'ok'],
    [
      'ForEach needs an array',
      [forEach('L', 'text', [work('In')])],
      'ok',
      {
        status: 'Failed',
        message: expect.stringContaining('items must evaluate to an array, but evaluated to "text"'),
      },
    ],
    [
      'a sequential ForEach keeps the order',
      [
        forEach('L', '@range(1, 5)', [wait('W', 0), append('In', 'list', '@item()', { after: ['W'] })], {
          isSequential: true,
        }),
      ],
      "@variables('list')",
      [1, 2, 3, 4, 5],
    ],
    [
      'nested loops see their own item',
      [
        forEach(
          'L',
          '@createArray(createArray(1, 2), createArray(3))',
          [forEach('M', '@item()', [append('In', 'list', '@item()')], { isSequential: true })],
          { isSequential: true },
        ),
      ],
      "@variables('list')",
      [1, 2, 3],
    ],
    [
      'one failing iteration stops no other and fails the loop at its end',
      [
        forEach('L', '@range(1, 4)', [work('In', { fail: "@if(equals(item(), 2), 'two', null)" })], {
          isSequential: true,
        }),
      ],
      'ok',
      {
        status: 'Failed',
        message:
          'Operation on target L failed: Activity failed because an inner activity failed; Inner activity name: In, Error: two',
      },
    ],
    [
      'an expression that cannot be evaluated fails its activity',
      [work('A', { n: "@activity('Nobody').output" })],
      'ok',
      { status: 'Failed', message: expect.stringContaining('Operation on target A failed:') },
    ],
  ])('%s', async (_, activities, expression, expected) => {
    expect(await valueOf(activities, expression)).toEqual(expected)
  })
})

test('Wait waits that many seconds', async () => {
  const start = performance.now()
  await endOf(await worker.start(plan([pipeline('waits', [wait('W', 1)])])))
  expect(performance.now() - start).toBeGreaterThan(1000)
})

test('Validation looks again until the dataset is there, with no more history than one activity', async () => {
  const inbox = {
    name: 'inbox',
    type: 'Binary',
    parameters: { sub: { type: 'String', defaultValue: 'a' } },
    typeProperties: { location: { fileSystem: 'inbox', folderPath: "@concat('drops/', dataset().sub)" } },
    linkedService: { referenceName: 'lake', parameters: {} },
  } as const
  const lake = { name: 'lake', type: 'AzureBlobFS', parameters: {}, typeProperties: {} }
  const validation: PlannedActivity = {
    ...base('Wait for input'),
    type: 'Validation',
    dataset: { referenceName: 'inbox', parameters: { sub: '@pipeline().parameters.sub' } },
    timeoutMs: 30_000,
    sleepMs: 100,
    minimumSize: 0,
    childItems: true,
  }
  const parameters = { sub: { type: 'String', defaultValue: 'x' } } as const
  const handle = await worker.start(
    plan([pipeline('validates', [validation], { parameters })], {
      datasets: { inbox },
      linkedServices: { lake },
    }),
  )
  await statusWhen(handle, ({ activities }) => activities[0]?.status === 'InProgress')
  await expect
    .poll(async () => (await handle.describe()).raw.pendingActivities?.[0]?.attempt, { timeout: 20_000 })
    .toBeGreaterThan(3)
  await worker.lake.create('inbox/drops/x/one.zip', 'bytes')
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  expect((await handle.describe()).historyLength).toBeLessThan(20)
})

test('Validation fails at its timeout', async () => {
  const dataset = {
    name: 'd',
    type: 'Binary',
    parameters: {},
    linkedService: { referenceName: 's', parameters: {} },
  }
  const typeProperties: JsonObject = { location: { folderPath: 'nowhere', fileName: 'x.csv' } }
  const validation: PlannedActivity = {
    ...base('V'),
    type: 'Validation',
    dataset: { referenceName: 'd', parameters: {} },
    timeoutMs: 500,
    sleepMs: 100,
    minimumSize: 0,
    childItems: null,
  }
  const handle = await worker.start(
    plan([pipeline('validates_not', [validation])], {
      datasets: { d: { ...dataset, typeProperties } },
      linkedServices: { s: { name: 's', type: 'AzureBlobFS', parameters: {}, typeProperties: {} } },
    }),
  )
  expect(await endOf(handle)).toMatchObject({
    status: 'Failed',
    message: expect.stringContaining("Dataset 'd' was not there as asked within the timeout of 0.5 s: {"),
  })
  expect(worker.rows.find(({ activity }) => activity === 'V')?.status).toBe('TimedOut')
})

import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { activityTypes } from '../../../adf/activity/activity-types.ts'
import type { Plan, PlannedActivity } from '../../../adf/plan/plan.ts'
import { goodFactory } from './good-pipeline.ts'
import { planOf, sha256 } from './in-memory-factory.ts'

function goodPlan(files = goodFactory, environment = 'dev'): Plan {
  const { plan, issues } = planOf(files, 'x', environment)
  expect(issues).toEqual([])
  if (plan === null) throw new Error('no plan')
  return plan
}

function activity(plan: Plan, name: string): PlannedActivity {
  const found = plan.pipelines['x']?.activities.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no activity ${name}`)
  return found
}

describe('a pipeline of every activity type', () => {
  const plan = goodPlan()

  test('uses every type that there is', () => {
    const text = JSON.stringify(plan.pipelines)
    expect(activityTypes.filter((type) => !text.includes(`"type":"${type}"`))).toEqual([])
  })

  test('reaches called and chained pipelines, and no others', () => {
    expect(Object.keys(plan.pipelines)).toEqual(['x', 'y', 'z'])
    expect(plan.chain).toEqual([
      {
        trigger: 'then',
        upstream: 'x',
        pipeline: 'z',
        parameters: { batch: '@trigger().runDimensions.batch' },
      },
    ])
  })

  test('has defaults filled in, and types as declared', () => {
    expect(plan.pipelines['x']).toMatchObject({
      parameters: { batch: { type: 'String' }, days: { type: 'Int', defaultValue: 3 } },
      variables: {
        list: { type: 'Array', defaultValue: [] },
        ready: { type: 'Bool', defaultValue: false },
        text: { type: 'String', defaultValue: 'none' },
      },
      concurrency: 2,
      annotations: ['daily', '7'],
    })
    expect(activity(plan, 'Find')).toEqual({
      name: 'Find',
      type: 'FindScans',
      dependsOn: [{ activity: 'Wait for drop', conditions: ['Succeeded'] }],
      userProperties: [{ name: 'batch', value: '@pipeline().parameters.batch' }],
      inactiveAs: null,
      policy: {
        timeoutMs: 3_600_000,
        retry: 2,
        retryIntervalMs: 60_000,
        secureInput: false,
        secureOutput: true,
      },
      typeProperties: { source: 'inbox', batch: '@pipeline().parameters.batch', chunkSize: 25 },
      linkedService: null,
      inputs: [],
      outputs: [],
    })
    expect(activity(plan, 'Archive').policy).toEqual({
      timeoutMs: 43_200_000,
      retry: 0,
      retryIntervalMs: 30_000,
      secureInput: false,
      secureOutput: false,
    })
    expect(activity(plan, 'Each chunk')).toMatchObject({
      items: "@activity('Find').output.chunks",
      isSequential: true,
      batchCount: 1,
    })
    expect(activity(plan, 'Wait for drop')).toMatchObject({
      type: 'Validation',
      timeoutMs: 7_200_000,
      sleepMs: 5_000,
      minimumSize: 0,
      childItems: true,
    })
    expect(activity(plan, 'Call')).toMatchObject({
      pipeline: 'y',
      waitOnCompletion: true,
      parameters: { batch: '@pipeline().parameters.batch', count: 12 },
    })
    expect(activity(plan, 'Tell').inactiveAs).toBe('Skipped')
    expect(activity(plan, 'Return')).toMatchObject({
      isReturnValue: true,
      variableName: 'pipelineReturnValue',
      value: [
        { key: 'count', value: { type: 'Int', content: 3 } },
        { key: 'text', value: { type: 'Expression', content: "@variables('text')" } },
      ],
    })
  })

  test('names what it refers to as its declaration does', () => {
    expect(activity(plan, 'Load')).toMatchObject({
      linkedService: { referenceName: 'lake', parameters: {} },
      inputs: [{ referenceName: 'drop', parameters: { folder: "@variables('text')" } }],
    })
    expect(activity(plan, 'Ask')).toMatchObject({
      typeProperties: {
        dataset: {
          referenceName: 'drop',
          type: 'DatasetReference',
          parameters: { folder: "@variables('text')" },
        },
      },
    })
    expect(plan.datasets).toEqual({
      drop: {
        name: 'drop',
        type: 'Binary',
        parameters: { folder: { type: 'String' } },
        typeProperties: { location: { type: 'AzureBlobFSLocation', folderPath: '@dataset().folder' } },
        linkedService: { referenceName: 'lake', parameters: {} },
      },
    })
  })

  test('lists every other file by its SHA-256', () => {
    expect(plan.resources).toEqual({
      'factory.yaml': sha256(goodFactory['factory.yaml'] ?? ''),
      'table/t.sql': sha256('SELECT 1\n'),
      'table/t.yaml': sha256('name: silver.t\n'),
    })
  })

  test('takes what the environment puts in place', () => {
    const prod = goodPlan(goodFactory, 'prod')
    expect([plan.globalParameters, prod.globalParameters]).toEqual([{ zone: 'UTC' }, { zone: 'CET' }])
    expect(plan.linkedServices['lake']?.typeProperties).toEqual({ url: 'https://dev.dfs.core.windows.net' })
    expect(prod.linkedServices['lake']?.typeProperties).toEqual({ url: 'https://prod.dfs.core.windows.net' })
    expect(prod.hash).not.toBe(plan.hash)
  })

  test('is frozen all the way down', () => {
    const thaw = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null
        ? [...(Object.isFrozen(value) ? [] : [value]), ...Object.values(value).flatMap(thaw)]
        : []
    expect(thaw(plan)).toEqual([])
  })

  test('survives JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  })
})

test('YAML and JSON of the same definitions give the same plan', () => {
  const json = Object.fromEntries(
    Object.entries(goodFactory).map(([path, text]) =>
      /^(pipeline|dataset|linkedService|trigger)\/.*\.yaml$/.test(path)
        ? [path.replace(/yaml$/, 'json'), JSON.stringify(load(text), null, '\t')]
        : [path, text],
    ),
  )
  expect(goodPlan(json)).toEqual(goodPlan())
})

test('the same definition gives the same hash, whatever the order of files and names', () => {
  const reversed = Object.fromEntries(Object.entries(goodFactory).reverse())
  expect(goodPlan(reversed).hash).toBe(goodPlan().hash)
  const edited = { ...goodFactory, 'table/t.sql': 'SELECT 2\n' }
  expect(goodPlan(edited).hash).not.toBe(goodPlan().hash)
})

test('a pipeline or environment that is not there says what is', () => {
  expect(planOf(goodFactory, 'w').issues).toEqual([
    {
      file: 'pipeline',
      line: null,
      place: '(folder)',
      message: '"w" is not a pipeline here; pipelines are: unreachable, x, y, z',
      severity: 'error',
    },
  ])
  const { plan, issues } = planOf(goodFactory, 'x', 'pord')
  expect([plan, issues.map((issue) => issue.message)]).toEqual([
    null,
    ['"pord" is not an environment here; did you mean "prod"? environments are: dev, prod'],
  ])
})

test.each([
  ['a called pipeline', 'pipeline/y.json'],
  ['a chained pipeline', 'pipeline/z.yaml'],
  ['a dataset', 'dataset/drop.yaml'],
  ['a linked service', 'linkedService/lake.yaml'],
  ['a chaining trigger', 'trigger/then.yaml'],
  ['the factory', 'factory.yaml'],
])('an error in %s starts nothing', (_, path) => {
  const { plan, issues } = planOf({ ...goodFactory, [path]: 'properties: { nope: 1 }\n' })
  expect(plan).toBeNull()
  expect(issues.some((issue) => issue.severity === 'error' && issue.file === path)).toBe(true)
})

test('warnings do not keep a pipeline from starting', () => {
  const { plan, issues } = planOf({ 'pipeline/x.yaml': 'properties: { activities: [] }\n' })
  expect(plan).not.toBeNull()
  expect(issues.map((issue) => issue.severity)).toEqual(['warning'])
})

test.each(['loopLane', 'tryLane'])(
  "a pipeline named as Headrace's own workflow type %s is refused",
  (name) => {
    const text = JSON.stringify({ name, properties: { activities: [{ name: 'F', type: 'Fail' }] } })
    const { plan, issues } = planOf({ [`pipeline/${name}.json`]: text }, name)
    expect(plan).toBeNull()
    expect(issues.map(({ message }) => message)).toContain(
      `"${name}" is a workflow type of Headrace itself; give the pipeline another name`,
    )
  },
)

test('a pipeline of more than 1,500 activities is refused', () => {
  const waits = Array.from({ length: 1_501 }, (_, index) => ({
    name: `w${index}`,
    type: 'Wait',
    typeProperties: { waitTimeInSeconds: 1 },
    dependsOn: index === 0 ? [] : [{ activity: `w${index - 1}` }],
  }))
  const text = (activities: unknown) => JSON.stringify({ properties: { activities } })
  expect(planOf({ 'pipeline/x.json': text(waits.slice(1)) }).issues).toHaveLength(1)
  expect(planOf({ 'pipeline/x.json': text(waits.slice(0, 1_500)) }).plan).not.toBeNull()
  expect(planOf({ 'pipeline/x.json': text(waits) }).issues[0]?.message).toBe(
    'holds 1501 activities; a pipeline has at most 1500: move some to a pipeline of their own',
  )
})

describe('whatever a definition holds, building a plan does not throw', () => {
  const paths = Object.keys(goodFactory)

  test('with any JSON in a place of a good factory', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.jsonValue({ maxDepth: 3 }), (path, at, value) => {
        const document: unknown = load(goodFactory[path] ?? '')
        const changed = replaceAt(document, at, value)
        planOf({ ...goodFactory, [path]: JSON.stringify(changed) })
      }),
      { numRuns: 120 },
    )
  })

  test('with any text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.string({ unit: 'binary' }), fc.nat(), (path, text, at) => {
        const good = goodFactory[path] ?? ''
        const cut = at % (good.length + 1)
        planOf({ ...goodFactory, [path]: good.slice(0, cut) + text + good.slice(cut) })
      }),
      { numRuns: 120 },
    )
  })
})

/** A copy of a document with `value` in place of its n-th value. */
function replaceAt(document: unknown, n: number, value: unknown): unknown {
  let count = 0
  const size = (one: unknown): number =>
    1 +
    (typeof one === 'object' && one !== null
      ? Object.values(one).reduce((sum: number, inner) => sum + size(inner), 0)
      : 0)
  const target = n % size(document)
  const copy = (one: unknown): unknown => {
    if (count++ === target) return value
    if (Array.isArray(one)) return one.map(copy)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, copy(inner)]))
  }
  return copy(document)
}

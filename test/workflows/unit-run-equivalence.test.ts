import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DependencyCondition, Plan, PlannedActivity, PlannedPipeline } from '../../adf/plan/plan.ts'
import type { ActivityRunRecord } from '../../adf/run/run.ts'
import { label } from '../../testing/label.ts'
import type { Stub } from '../../testing/stub.ts'
import type { UnitRun } from '../../testing/unit-run.ts'
import { historyCases } from '../support/history-cases.ts'
import type { PipelineWorker } from '../support/pipeline-worker.ts'
import { endOf, startPipelineWorker } from '../support/pipeline-worker.ts'
import {
  append,
  fail,
  forEach,
  ifCondition,
  pipeline,
  plan,
  setVariable,
  until,
  work,
} from '../support/plans.ts'
import { unitRun } from '../testing/unit.ts'

/**
 * The same pipeline in a real run and in a unit run whose stubs are what work did in the real one: same activities, same order, same
 * statuses, inputs, outputs and errors, same outcome.
 */
let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('unit-equivalence')
  await worker.lake.create('inbox/there.txt', 'there')
})
afterAll(() => worker.stop())

const workTypes = ['BuildTable', 'Validation']

function labelOf({ activity, iterationPath, retryAttempt }: ActivityRunRecord): string {
  return label('', activity, iterationPath, retryAttempt)
}

/** What work ended as, and how long it took: then time passes in the unit run as it did in the real one. */
function recorded(rows: readonly ActivityRunRecord[]): Record<string, Stub> {
  const stubs = rows
    .filter(({ type, status }) => workTypes.includes(type) && status !== 'Skipped' && status !== 'Inactive')
    .map((row): [string, Stub] => {
      const { iterationPath, retryAttempt, activity, start, end, error, output, status } = row
      const key = `${activity}${iterationPath === '' ? '' : `[${iterationPath}]`}#${retryAttempt}`
      const takesMs = status === 'Cancelled' ? Infinity : Date.parse(end ?? start) - Date.parse(start)
      return [
        key,
        error === null
          ? { kind: 'output', output, takesMs }
          : { kind: 'error', error, takesMs: Math.min(takesMs, 1_000) },
      ]
    })
  return Object.fromEntries(stubs)
}

interface Both {
  readonly rows: readonly ActivityRunRecord[]
  readonly unit: UnitRun
}

function startedRuns(): string[] {
  return worker.rows.flatMap(({ type, output }) => {
    const runId: unknown =
      type === 'ExecutePipeline' && typeof output === 'object' && output !== null
        ? Reflect.get(output, 'pipelineRunId')
        : null
    return typeof runId === 'string' ? [runId] : []
  })
}

function hasEnded(runId: string): boolean {
  return worker.runs.some((run) => run.runId === runId && run.end !== null)
}

async function runBoth(one: Plan): Promise<Both> {
  worker.rows.length = 0
  const real = await endOf(await worker.start(one))
  // A child that nobody waits for ends later, and its rows are stubs too.
  await expect.poll(() => startedRuns().every(hasEnded), { timeout: 30_000 }).toBe(true)
  const stubs = recorded(worker.rows)
  const unit = await unitRun(one, stubs)
  await expect.poll(() => worker.rows.length, { timeout: 10_000 }).toBe(unit.ended.length)
  const { status, message, returnValue } = unit
  const ended =
    'returnValue' in real ? { status: real.status, message: null, returnValue: real.returnValue } : real
  expect(withoutIds({ status, message, ...(status === 'Succeeded' ? { returnValue } : {}) })).toEqual(
    withoutIds(ended),
  )

  const steps = [...unit.ran, ...unit.unrun].map((step) => ({
    label: label('', step.name, step.iterationPath, step.retryAttempt),
    pipeline: step.pipeline,
    status: step.status,
    input: step.input,
    output: step.output,
    error: step.error,
  }))
  const rows = worker.rows.map((row) => ({
    label: labelOf(row),
    pipeline: row.pipeline,
    status: row.status,
    input: row.input,
    output: row.output,
    error: row.error,
  }))
  expect(withoutIds(sorted(steps))).toEqual(withoutIds(sorted(rows)))
  return { rows: [...worker.rows], unit }
}

function sorted<T extends { label: string; pipeline: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (`${a.pipeline} ${a.label}` < `${b.pipeline} ${b.label}` ? -1 : 1))
}

/** Run ids are not the same in two runs. */
function withoutIds<T>(value: T): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'id'))
}

/** Whatever began earlier in the real run began earlier in the unit run. */
function expectSameOrder({ rows, unit }: Both): void {
  const position = new Map(
    unit.ran.map((step, index) => [
      `${step.pipeline} ${label('', step.name, step.iterationPath, step.retryAttempt)}`,
      index,
    ]),
  )
  const ran = rows.flatMap((row) => {
    const at = position.get(`${row.pipeline} ${labelOf(row)}`)
    return at === undefined ? [] : [{ at, name: labelOf(row), start: Date.parse(row.start) }]
  })
  const inverted = ran.flatMap((a) =>
    ran.filter((b) => a.start < b.start && a.at > b.at).map((b) => `${a.name} before ${b.name}`),
  )
  expect(inverted).toEqual([])
}

const cases = Object.entries(historyCases).filter(([, one]) => one.signals === undefined)

test.each(cases)('a unit run of %s does what a real run does', async (name, { plan: one }) => {
  const both = await runBoth(one)
  // Lanes of a big loop run beside each other.
  if (name !== 'foreach-lanes') expectSameOrder(both)
})

const variables: PlannedPipeline['variables'] = {
  log: { type: 'Array', defaultValue: [] },
  text: { type: 'String', defaultValue: '' },
  round: { type: 'String', defaultValue: '' },
}

type Make = (name: string, after: readonly [string, ...DependencyCondition[]][]) => PlannedActivity

/** Activities that run inside the workflow. */
const inside: readonly Make[] = [
  (name, after) => append(name, 'log', name, { after }),
  (name, after) => setVariable(name, 'text', name, { after }),
  (name, after) => setVariable(name, 'text', 1, { after }),
  (name, after) => fail(name, `${name} fails`, '1', { after }),
  (name, after) => append(name, 'log', name, { after, inactiveAs: 'Succeeded' }),
  (name, after) => append(name, 'log', name, { after, inactiveAs: 'Failed' }),
  (name, after) =>
    ifCondition(
      name,
      true,
      [append(`${name}t`, 'log', name), fail(`${name}f`, 'inner', '2', { after: [`${name}t`] })],
      [],
      { after },
    ),
  (name, after) =>
    forEach(
      name,
      '@range(0, 3)',
      [
        append(`${name}i`, 'log', `@concat('${name}', item())`),
        append(`${name}j`, 'log', `@item()`, { after: [`${name}i`] }),
      ],
      { after, batchCount: 2 },
    ),
  (name, after) =>
    forEach(name, ['a', 'b'], [append(`${name}i`, 'log', `@item()`)], { after, isSequential: true }),
]

/** What these do depends on what has been done before: with a worker's activities beside them, on milliseconds. */
const reading: readonly Make[] = [
  (name, after) =>
    ifCondition(
      name,
      "@greater(length(variables('log')), 1)",
      [append(`${name}t`, 'log', `${name}t`)],
      [append(`${name}e`, 'log', `${name}e`)],
      { after },
    ),
  (name, after) =>
    until(name, "@greater(length(variables('log')), 3)", [append(`${name}i`, 'log', name)], { after }),
]

/** Activities of a worker, alone and in containers. */
const outside: readonly Make[] = [
  (name, after) => work(name, { n: 1 }, { after }),
  (name, after) => work(name, { fail: `${name} fails` }, { after }),
  (name, after) => work(name, { data: `${name} is wrong` }, { after, policy: { retry: 2 } }),
  (name, after) =>
    forEach(name, '@range(0, 3)', [work(`${name}w`, { i: '@item()' })], { after, batchCount: 2 }),
  (name, after) =>
    ifCondition(
      name,
      false,
      [],
      [work(`${name}w`), fail(`${name}f`, 'inner', '3', { after: [`${name}w`] })],
      { after },
    ),
]

const conditions: readonly DependencyCondition[] = ['Succeeded', 'Failed', 'Skipped', 'Completed']

function dags(kinds: readonly Make[]): fc.Arbitrary<PlannedActivity[]> {
  const edge = fc.option(fc.subarray([...conditions], { minLength: 1 }), { freq: 2 })
  const node = fc.tuple(fc.constantFrom(...kinds), fc.array(edge, { minLength: 5, maxLength: 5 }))
  return fc.array(node, { minLength: 2, maxLength: 6 }).map((nodes) =>
    nodes.map(([make, edges], index) => {
      const after = edges.slice(0, index).flatMap((set, earlier): [string, ...DependencyCondition[]][] => {
        const [first, ...rest] = set ?? []
        return first === undefined ? [] : [[nameOf(earlier), first, ...rest]]
      })
      return make(nameOf(index), after)
    }),
  )
}

function nameOf(index: number): string {
  return String.fromCodePoint(65 + index)
}

test(
  'a unit run of any DAG of control activities ends them in the order of a real run',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(dags([...inside, ...reading]), async (activities) => {
        const { rows, unit } = await runBoth(plan([pipeline('control', activities, { variables })]))
        expect(unit.ended).toEqual(rows.map(labelOf))
      }),
      { numRuns: 40 },
    )
  },
)

test('a unit run of any DAG with work does what a real run does', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(dags([...inside, ...outside, ...outside]), async (activities) => {
      expectSameOrder(await runBoth(plan([pipeline('mixed', activities, { variables })])))
    }),
    { numRuns: 40 },
  )
})

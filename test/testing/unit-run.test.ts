import { expect, test } from 'vitest'
import type { PlannedActivity, PlannedPipeline } from '../../adf/plan/plan.ts'
import {
  append,
  base,
  fail,
  forEach,
  pipeline,
  plan,
  returnValue,
  setVariable,
  until,
  wait,
  work,
} from '../support/plans.ts'
import { error, labels, output, unitRun } from './unit.ts'

const variables: PlannedPipeline['variables'] = {
  list: { type: 'Array', defaultValue: [] },
  text: { type: 'String', defaultValue: '' },
}

const one = (activities: readonly PlannedActivity[]) => plan([pipeline('p', activities, { variables })])
const call = (waitOnCompletion: boolean): PlannedActivity => ({
  ...base('Call'),
  type: 'ExecutePipeline',
  pipeline: 'child',
  parameters: {},
  waitOnCompletion,
})

test('work without a stub is an error that says how to write one', async () => {
  await expect(unitRun(one([forEach('L', [1], [work('A b')])]))).rejects.toThrow(
    'A b[0] (BuildTable) ran and has no stub; say under stubs what it ends as, "A b[0]": { output: {…} } or { error: \'…\' }, ' +
      'or "A b[0]": default output for an empty one',
  )
})

test('a stub that stands for all work is used where none is nearer', async () => {
  const run = await unitRun(one([work('A'), work('B')]), { '*': output({ n: 1 }), B: output({ n: 2 }) })
  expect(run.ran.map((step) => step.output)).toEqual([{ n: 1 }, { n: 2 }])
})

test('the nearest stub counts: a try of an iteration, an iteration, a try, the activity', async () => {
  const loop = forEach('L', [0, 1, 2], [work('A', {}, { policy: { retry: 1 } })], { isSequential: true })
  const run = await unitRun(one([loop]), {
    A: output({ from: 'A' }),
    'A#0': error('first try'),
    'A[1]': output({ from: 'A[1]' }),
    'a[2]#0': output({ from: 'A[2]#0' }),
  })
  expect(run.ran.map((step) => [step.label, step.output])).toEqual([
    ['L', {}],
    ['A[0]', null],
    ['A[0]#1', { from: 'A' }],
    ['A[1]', { from: 'A[1]' }],
    ['A[2]', { from: 'A[2]#0' }],
  ])
})

test('hours pass at once: waits, intervals of retries, timeouts', async () => {
  const activities = [
    wait('W', 86_400),
    work('Slow', {}, { after: ['W'], policy: { timeoutMs: 3_600_000, retry: 1, retryIntervalMs: 60_000 } }),
    setVariable('S', 'text', '@utcNow()', { after: [['Slow', 'Failed']] }),
  ]
  const start = performance.now()
  const run = await unitRun(one(activities), { Slow: output({}, 2 * 3_600_000) })
  expect(performance.now() - start).toBeLessThan(1_000)
  expect(run.variables['text']).toBe('2026-01-02T02:01:00.0000000Z')
  expect(run.ran.map((step) => [step.label, step.status])).toEqual([
    ['W', 'Succeeded'],
    ['Slow', 'TimedOut'],
    ['Slow#1', 'TimedOut'],
    ['S', 'Succeeded'],
  ])
})

test('what wrong data caused is not tried again', async () => {
  const run = await unitRun(one([work('A', {}, { policy: { retry: 3 } })]), { A: error('bad', 'DataError') })
  expect(labels(run)).toEqual(['A'])
  expect(run).toMatchObject({ status: 'Failed', message: 'Operation on target A failed: bad' })
})

test('an Until whose time is over cancels what is in flight, and nothing outside', async () => {
  const loop = until('U', false, [work('Slow')], { timeoutMs: 60_000 })
  const run = await unitRun(
    one([loop, work('Beside', {}, { policy: { timeoutMs: 600_000 } }), work('Never', {}, { after: ['U'] })]),
    {
      '*': output({}, 50_000),
      Beside: output({}, 120_000),
    },
  )
  expect(run.ran.map((step) => [step.label, step.status])).toEqual([
    ['U', 'TimedOut'],
    ['Slow[0]', 'Succeeded'],
    ['Beside', 'Succeeded'],
    ['Slow[1]', 'Cancelled'],
  ])
  expect(run.unrun.map((step) => [step.label, step.status])).toEqual([['Never', 'Skipped']])
})

test('a loop that takes no time and never ends is stopped and named as the likely cause', async () => {
  const loop = until('U', false, [setVariable('S', 'text', 'x')])
  await expect(unitRun(one([loop]))).rejects.toThrow(
    'The test took 20000 steps and has not ended; is there an Until whose condition never holds',
  )
})

test('a called pipeline runs in the test too, its activities named behind the call', async () => {
  const child = pipeline('child', [
    work('A'),
    returnValue('R', [{ key: 'n', value: { type: 'Int', content: 7 } }]),
  ])
  const parent = pipeline('p', [
    call(true),
    work('After', { n: "@activity('Call').output.pipelineReturnValue.n" }, { after: ['Call'] }),
  ])
  const run = await unitRun(plan([parent, child]), { 'Call/A': output(), After: output() })
  expect(run.status).toBe('Succeeded')
  expect(labels(run)).toEqual(['Call', 'Call/A', 'Call/R', 'After'])
  expect(run.ran.at(-1)?.input).toEqual({ n: 7 })
})

test('a called pipeline that fails fails its caller; one that nobody waits for does not', async () => {
  const child = pipeline('child', [fail('F', 'no', '1')])
  const waiting = await unitRun(plan([pipeline('p', [call(true)]), child]))
  expect(waiting.message).toBe('Operation on target Call failed: Operation on target F failed: no')
  const leaving = await unitRun(plan([pipeline('p', [call(false)]), child]))
  expect(leaving.status).toBe('Succeeded')
  expect(leaving.ran.map((step) => [step.label, step.status])).toEqual([
    ['Call', 'Succeeded'],
    ['Call/F', 'Failed'],
  ])
})

test('says what ChainingTriggers start after success, and why one cannot', async () => {
  const next = pipeline('next', [], { parameters: { day: { type: 'String' } } })
  const first = pipeline('p', [setVariable('S', 'text', 'x')], {
    variables,
    runDimensions: { day: "@variables('text')" },
  })
  const chain = (day: string) => [{ trigger: 'after', upstream: 'p', pipeline: 'next', parameters: { day } }]
  const good = await unitRun(plan([first, next], { chain: chain('@trigger().runDimensions.day') }))
  expect(good).toMatchObject({ status: 'Succeeded', message: null, starts: { next: { day: 'x' } } })
  const bad = await unitRun(plan([first, next], { chain: chain('@trigger().runDimensions.night') }))
  expect(bad).toMatchObject({
    status: 'Succeeded',
    starts: {},
    message: expect.stringContaining('Trigger after did not start next: '),
  })
  const failed = await unitRun(plan([pipeline('p', [fail('F', 'no', '1')]), next], { chain: chain('x') }))
  expect(failed.starts).toEqual({})
})

test('variables begin as the test says; GUIDs and random repeat', async () => {
  const activities = [append('A', 'list', "@concat(guid(), '/', string(rand(0, 1000)))")]
  const [first, second] = await Promise.all(
    [1, 2].map(() => unitRun(one(activities), {}, { variables: { list: ['before'] } })),
  )
  expect(first?.variables).toEqual(second?.variables)
  expect(first?.variables['list']).toHaveLength(2)
  await expect(unitRun(one([]), {}, { variables: { text: 1 } })).rejects.toThrow(
    "only supports values of types 'String'",
  )
})

test('a run that may not start fails with the reason', async () => {
  const run = await unitRun(plan([pipeline('p', [], { parameters: { batch: { type: 'String' } } })]))
  expect(run).toMatchObject({
    status: 'Failed',
    message: expect.stringContaining("needs the parameter 'batch'"),
  })
})

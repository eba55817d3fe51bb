import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlannedPipeline } from '../../adf/plan/plan.ts'
import type { RunStatus } from '../../adf/run/status.ts'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'
import {
  append,
  forEach,
  pipeline,
  plan,
  returnValue,
  setVariable,
  until,
  wait,
  work,
} from '../support/plans.ts'

let worker: PipelineWorker
let big: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('loops')
  big = await startPipelineWorker('big-loops', async ({ invocation }) => ({
    i: invocation.typeProperties['i'] ?? 0,
  }))
})
afterAll(async () => {
  await worker.stop()
  await big.stop()
})

const variables: PlannedPipeline['variables'] = {
  list: { type: 'Array', defaultValue: [] },
  count: { type: 'Integer', defaultValue: 0 },
}

function returned(expression: string, after: string) {
  return returnValue('Return', [{ key: 'v', value: { type: 'Expression', content: expression } }], {
    after: [after],
  })
}

/** Many events an iteration at little cost: timers, two each, all firing after one second. */
const timers = (count: number) => Array.from({ length: count }, (_, index) => wait(`Timer ${index}`, 1))
const after = (activities: readonly { readonly name: string }[]) => activities.map(({ name }) => name)

/** Costs 120 events by estimate and none in truth: makes a loop of few items run in lanes. */
const looksLong = forEach('Looks long', [], [work('Never')])

async function longestHistory(of: PipelineWorker, ids: readonly string[]): Promise<number> {
  const runs = ids.map(async (id) => {
    const found = of.client.workflow.list({ query: `WorkflowId = '${id}'` })
    let longest = 0
    for await (const run of found) longest = Math.max(longest, run.historyLength ?? 0)
    return longest
  })
  return Math.max(...(await Promise.all(runs)))
}

test('a loop of 2,000 items runs in lanes: each item once, at most batchCount at once, no long history', async () => {
  const loop = forEach(
    'L',
    '@range(0, 2000)',
    [work('In', { i: '@item()', outer: "@activity('First').output.i" }, {})],
    {
      batchCount: 30,
      after: ['First'],
    },
  )
  const counting = pipeline('big', [work('First', { i: 7 }), loop, work('Unrelated', { i: 1 })])
  const handle = await big.start(plan([counting]))
  const { activities } = await statusWhen(
    handle,
    (status) => (status.activities[1]?.workflowIds.length ?? 0) > 0,
  )
  const lanes = activities[1]?.workflowIds ?? []
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  const inner = big.rows.filter(({ activity }) => activity === 'In')
  expect(new Set(inner.map(({ iterationPath }) => iterationPath)).size).toBe(2000)
  expect(inner).toHaveLength(2000)
  expect(
    inner.every(({ iterationPath, output }) => JSON.stringify(output) === `{"i":${iterationPath}}`),
  ).toBe(true)
  expect(big.peak()).toBeLessThanOrEqual(31)
  expect(await longestHistory(big, [handle.workflowId, ...lanes])).toBeLessThan(9000)
  expect((await handle.describe()).historyLength).toBeLessThan(100)
}, 120_000)

test('a sequential loop in a lane keeps its order', async () => {
  const loop = forEach(
    'L',
    '@range(0, 60)',
    [looksLong, append('Out', 'list', '@item()', { after: ['Looks long'] })],
    { isSequential: true },
  )
  const inOrder = "@equals(variables('list'), range(0, 60))"
  const handle = await worker.start(
    plan([pipeline('ordered', [loop, returned(inOrder, 'L')], { variables })]),
  )
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: true } })
  const status: RunStatus = await handle.query('status')
  expect(status.activities[0]?.workflowIds).toHaveLength(1)
})

test('a lane continues as new before its history gets long, and loses nothing', async () => {
  const waits = timers(220)
  const body = [...waits, append('Out', 'list', '@item()', { after: after(waits) })]
  const loop = forEach('L', '@range(0, 16)', body, { isSequential: true })
  const all = "@length(union(variables('list'), variables('list')))"
  const handle = await worker.start(plan([pipeline('continued', [loop, returned(all, 'L')], { variables })]))
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: 16 } })
  const status: RunStatus = await handle.query('status')
  const [lane = ''] = status.activities[0]?.workflowIds ?? []
  const runs = worker.client.workflow.list({ query: `WorkflowId = '${lane}'` })
  const ends: string[] = []
  for await (const run of runs) ends.push(run.status.name)
  expect(ends.toSorted()).toEqual(['COMPLETED', 'CONTINUED_AS_NEW'])
  expect(await longestHistory(worker, [lane])).toBeLessThan(9000)
}, 120_000)

test('a loop that only sets variables needs no lanes and little history, ends no workflow task late, and records each iteration once', async () => {
  const loop = forEach('L', '@range(0, 5000)', [append('In', 'list', '@item()')])
  const handle = await worker.start(
    plan([pipeline('variables_only', [loop, returned("@length(variables('list'))", 'L')], { variables })]),
  )
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: 5000 } })
  expect((await handle.describe()).historyLength).toBeLessThan(200)
  expect(worker.rows.filter(({ pipeline: of }) => of === 'variables_only')).toHaveLength(5002)
  const { events } = await handle.fetchHistory()
  const tasks = events?.filter((event) => event.workflowTaskCompletedEventAttributes != null) ?? []
  expect(tasks.length).toBeGreaterThan(5)
})

test('failures in lanes fail the loop at its end and leave the other items alone', async () => {
  const loop = forEach('L', '@range(0, 60)', [
    looksLong,
    work('In', { fail: "@if(equals(mod(item(), 20), 7), concat('bad ', string(item())), null)" }),
  ])
  const handle = await worker.start(plan([pipeline('failing_lanes', [loop])]))
  expect(await endOf(handle)).toEqual({
    status: 'Failed',
    message:
      'Operation on target L failed: Activity failed because an inner activity failed; Inner activity name: In, Error: bad 7',
  })
  const rows = worker.rows.filter(({ pipeline: of }) => of === 'failing_lanes')
  expect(rows.filter(({ activity, status }) => activity === 'In' && status === 'Succeeded')).toHaveLength(57)
  const status: RunStatus = await handle.query('status')
  expect(status.activities[0]?.iterations).toEqual({ total: 60, done: 60, failed: 3, running: 0 })
}, 120_000)

test('a loop inside a loop counts for the history too', async () => {
  const inner = forEach('M', '@range(0, 4)', [work('In', { i: '@item()' })], { batchCount: 5 })
  const loop = forEach('L', '@range(0, 60)', [inner], { batchCount: 4 })
  const handle = await big.start(plan([pipeline('nested', [loop])]))
  const { activities } = await statusWhen(
    handle,
    (status) => (status.activities[0]?.workflowIds.length ?? 0) > 0,
  )
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  const paths = big.rows.filter(({ pipeline: of, activity }) => of === 'nested' && activity === 'In')
  expect(new Set(paths.map(({ iterationPath }) => iterationPath)).size).toBe(240)
  expect(await longestHistory(big, activities[0]?.workflowIds ?? [])).toBeLessThan(9000)
}, 120_000)

test('an Until of many rounds moves to a lane, continues as new, and brings back variables and outputs', async () => {
  const waits = timers(400)
  const loop = until('U', "@greaterOrEquals(variables('count'), 12)", [
    ...waits,
    work('In', { i: "@add(variables('count'), 1)" }, { after: after(waits) }),
    setVariable('Next', 'count', "@activity('In').output.i", { after: ['In'] }),
  ])
  // Beside it runs a loop that has almost all of the history reserved.
  const beside = forEach('Beside', '@range(0, 47)', [looksLong, wait('W', '@if(equals(item(), 0), 4, 0)')], {
    isSequential: true,
  })
  const result = returned("@concat(string(variables('count')), ' ', string(activity('In').output.i))", 'U')
  const handle = await big.start(plan([pipeline('rounds', [beside, loop, result], { variables })]))
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: '12 12' } })
  const status: RunStatus = await handle.query('status')
  const [lane = ''] = status.activities[1]?.workflowIds ?? []
  expect((await handle.describe()).historyLength).toBeLessThan(4000)
  expect(await longestHistory(big, [lane])).toBeLessThan(9000)
  const rounds = big.rows.filter(({ activity, pipeline: of }) => of === 'rounds' && activity === 'In')
  expect(rounds.map(({ iterationPath }) => Number(iterationPath)).toSorted((x, y) => x - y)).toEqual([
    ...Array(12).keys(),
  ])
}, 120_000)

test('tries that a history has no room for go on in a lane, which continues as new', async () => {
  const waits = timers(1990)
  // How many tries the pipeline's own history takes in depends on the machine; what is left fills a lane for sure.
  const policy = { retry: 300, retryIntervalMs: 0 }
  const tried = work(
    'A',
    { fail: "@concat('no ', activity('Timer 0').Status)" },
    { after: ['Timer 0'], policy },
  )
  const last = work('Last', { i: "@activity('A').error.message" }, { after: [['A', 'Failed']] })
  const handle = await worker.start(plan([pipeline('tried', [...waits, tried, last])]))
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  const rows = worker.rows.filter(({ pipeline: of, type }) => of === 'tried' && type !== 'Wait')
  const tries = rows.filter(({ activity }) => activity === 'A').map(({ retryAttempt }) => retryAttempt)
  expect(tries.toSorted((x, y) => x - y)).toEqual([...Array(301).keys()])
  expect(rows.find(({ activity }) => activity === 'Last')).toMatchObject({ output: { i: 'no Succeeded' } })
  const { activities }: RunStatus = await handle.query('status')
  const [lane = ''] = activities.flatMap(({ workflowIds }) => workflowIds)
  const ends = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const run of worker.client.workflow.list({ query: `WorkflowId = '${lane}'` }))
      found.push(run.status.name)
    return found.toSorted()
  }
  // Lists of the server come a moment after what they list.
  await expect.poll(ends, { timeout: 20_000 }).toEqual(['COMPLETED', 'CONTINUED_AS_NEW'])
  expect(await longestHistory(worker, [handle.workflowId, lane])).toBeLessThan(5000)
}, 120_000)

test('a loop in lanes can be paused, resumed and cancelled', async () => {
  const loop = forEach('L', '@range(0, 2000)', [work('In', { i: '@item()' })], { batchCount: 4 })
  const handle = await big.start(plan([pipeline('lanes_cancelled', [loop])]))
  const { activities } = await statusWhen(handle, (status) => activities0(status).workflowIds.length === 2)
  await handle.signal('pause')
  const lanes = activities[0]?.workflowIds.map((id) => big.client.workflow.getHandle(id)) ?? []
  for (const lane of lanes) await statusWhen(lane, (status) => status.paused)
  await handle.signal('resume')
  await handle.signal('cancel')
  expect(await endOf(handle)).toMatchObject({ status: 'Cancelled' })
  for (const lane of lanes) expect((await lane.describe()).status.name).toBe('CANCELLED')
}, 120_000)

function activities0(status: RunStatus) {
  return status.activities[0] ?? { workflowIds: [] }
}

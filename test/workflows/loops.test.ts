import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlannedPipeline } from '../../adf/plan/plan.ts'
import type { RunStatus } from '../../adf/run/status.ts'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'
import { append, forEach, pipeline, plan, returnValue, setVariable, until, work } from '../support/plans.ts'

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

/** Fill a history fast: about 40 events an iteration. */
const sideBySide = Array.from({ length: 12 }, (_, index) => work(`Side ${index}`, { i: index }))

async function longestHistory(of: PipelineWorker, ids: readonly string[]): Promise<number> {
  const runs = ids.map(async (id) => {
    const found = of.client.workflow.list({ query: `WorkflowId = '${id}'` })
    let longest = 0
    for await (const run of found) longest = Math.max(longest, run.historyLength ?? 0)
    return longest
  })
  return Math.max(...(await Promise.all(runs)))
}

test('a loop of 2,200 items runs in lanes: each item once, at most batchCount at once, no long history', async () => {
  const loop = forEach(
    'L',
    '@range(0, 2200)',
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
  expect(new Set(inner.map(({ iterationPath }) => iterationPath)).size).toBe(2200)
  expect(inner).toHaveLength(2200)
  expect(
    inner.every(({ iterationPath, output }) => JSON.stringify(output) === `{"i":${iterationPath}}`),
  ).toBe(true)
  expect(big.peak()).toBeLessThanOrEqual(31)
  expect(await longestHistory(big, [handle.workflowId, ...lanes])).toBeLessThan(9000)
  expect((await handle.describe()).historyLength).toBeLessThan(100)
}, 120_000)

test('a sequential loop too long for one history keeps its order and continues as new', async () => {
  const loop = forEach(
    'L',
    '@range(0, 200)',
    [...sideBySide, append('Out', 'list', '@item()', { after: sideBySide.map(({ name }) => name) })],
    { isSequential: true },
  )
  const result = returned(
    "@concat(string(length(variables('list'))), ' ', string(equals(variables('list'), range(0, 200))))",
    'L',
  )
  const handle = await big.start(plan([pipeline('long', [loop, result], { variables })]))
  const { activities } = await statusWhen(
    handle,
    (status) => (status.activities[0]?.workflowIds.length ?? 0) > 0,
  )
  const lanes = activities[0]?.workflowIds ?? []
  expect(lanes).toHaveLength(1)
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: '200 True' } })
  expect(await longestHistory(big, lanes)).toBeLessThan(9000)
}, 120_000)

test('a loop that only sets variables needs no lanes and little history', async () => {
  const loop = forEach('L', '@range(0, 5000)', [append('In', 'list', '@item()')])
  const handle = await worker.start(
    plan([pipeline('variables_only', [loop, returned("@length(variables('list'))", 'L')], { variables })]),
  )
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: 5000 } })
  expect((await handle.describe()).historyLength).toBeLessThan(200)
})

test('failures in lanes fail the loop at its end and leave the other items alone', async () => {
  const loop = forEach('L', '@range(0, 1100)', [
    work('In', { fail: "@if(equals(mod(item(), 500), 7), concat('bad ', string(item())), null)" }),
  ])
  const handle = await worker.start(plan([pipeline('failing_lanes', [loop])]))
  expect(await endOf(handle)).toEqual({
    status: 'Failed',
    message:
      'Operation on target L failed: Activity failed because an inner activity failed; Inner activity name: In, Error: bad 7',
  })
  const rows = worker.rows.filter(({ pipeline: of }) => of === 'failing_lanes')
  expect(rows.filter(({ activity, status }) => activity === 'In' && status === 'Succeeded')).toHaveLength(
    1097,
  )
  const status: RunStatus = await handle.query('status')
  expect(status.activities[0]?.iterations).toEqual({ total: 1100, done: 1100, failed: 3, running: 0 })
}, 120_000)

test('a loop inside a loop counts for the history too', async () => {
  const inner = forEach('M', '@range(0, 10)', [work('In', { i: '@item()' })], { batchCount: 5 })
  const loop = forEach('L', '@range(0, 52)', [inner], { batchCount: 4 })
  const handle = await big.start(plan([pipeline('nested', [loop])]))
  const { activities } = await statusWhen(
    handle,
    (status) => (status.activities[0]?.workflowIds.length ?? 0) > 0,
  )
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  const paths = big.rows.filter(({ pipeline: of, activity }) => of === 'nested' && activity === 'In')
  expect(new Set(paths.map(({ iterationPath }) => iterationPath)).size).toBe(520)
  expect(await longestHistory(big, activities[0]?.workflowIds ?? [])).toBeLessThan(9000)
}, 120_000)

test('an Until of many rounds moves to a lane and brings back its variables and outputs', async () => {
  const loop = until('U', "@greaterOrEquals(variables('count'), 180)", [
    ...sideBySide,
    work('In', { i: "@add(variables('count'), 1)" }),
    setVariable('Next', 'count', "@activity('In').output.i", { after: ['In'] }),
  ])
  const result = returned("@concat(string(variables('count')), ' ', string(activity('In').output.i))", 'U')
  const handle = await big.start(plan([pipeline('rounds', [loop, result], { variables })]))
  expect(await endOf(handle)).toMatchObject({ returnValue: { v: '180 180' } })
  expect((await handle.describe()).historyLength).toBeLessThan(9000)
}, 120_000)

test('a loop in lanes can be paused, resumed and cancelled', async () => {
  const loop = forEach('L', '@range(0, 2000)', [work('In', { i: '@item()' })], { batchCount: 4 })
  const handle = await big.start(plan([pipeline('lanes_cancelled', [loop])]))
  const { activities } = await statusWhen(handle, (status) => activities0(status).workflowIds.length === 4)
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

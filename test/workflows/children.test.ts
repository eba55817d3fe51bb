import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlannedActivity } from '../../adf/plan/plan.ts'
import { endOf, startPipelineWorker, type PipelineWorker } from '../support/pipeline-worker.ts'
import { base, fail, pipeline, plan, returnValue, setVariable, wait, work } from '../support/plans.ts'
import type { JsonObject } from '../../adf/json.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('children')
})
afterAll(() => worker.stop())

function execute(of: string, parameters: JsonObject = {}, waitOnCompletion = true): PlannedActivity {
  return { ...base('Call'), type: 'ExecutePipeline', pipeline: of, parameters, waitOnCompletion }
}

const item = (key: string, content: string) => ({ key, value: { type: 'Expression', content } })

test('ExecutePipeline hands parameters down and return values up; the child knows who called', async () => {
  const child = pipeline(
    'child_returns',
    [
      returnValue('R', [
        item('sum', '@add(pipeline().parameters.n, 1)'),
        item('caller', '@pipeline()?.TriggeredByPipelineName'),
        item('type', '@pipeline().TriggerType'),
      ]),
    ],
    { parameters: { n: { type: 'Int' } } },
  )
  const result = returnValue('R', [item('all', "@activity('Call').output.pipelineReturnValue")], {
    after: ['Call'],
  })
  const handle = await worker.start(
    plan([pipeline('parent', [execute('child_returns', { n: '@add(1, 1)' }), result]), child]),
  )
  expect(await endOf(handle)).toMatchObject({
    returnValue: { all: { sum: 3, caller: 'parent', type: 'PipelineActivity' } },
  })
  const [parentRun, childRun] = ['parent', 'child_returns'].map((name) =>
    worker.runs.findLast((run) => run.pipeline === name),
  )
  expect(childRun).toMatchObject({ invokedByRunId: parentRun?.runId, groupId: parentRun?.groupId })
})

test('ExecutePipeline fails with its child', async () => {
  const child = pipeline('child_fails', [fail('F', 'broken', '1')])
  const handle = await worker.start(plan([pipeline('parent_fails', [execute('child_fails')]), child]))
  expect(await endOf(handle)).toEqual({
    status: 'Failed',
    message: 'Operation on target Call failed: Operation on target F failed: broken',
  })
})

test('a missing parameter of a child fails the ExecutePipeline and says which', async () => {
  const child = pipeline('child_needs', [], { parameters: { n: { type: 'Int' } } })
  const handle = await worker.start(plan([pipeline('parent_gives_nothing', [execute('child_needs')]), child]))
  expect(await endOf(handle)).toMatchObject({
    message: expect.stringContaining("needs the parameter 'n' (Int)"),
  })
})

test('without waiting, the child goes on after its parent has ended', async () => {
  const child = pipeline('child_alone', [wait('W', 1), setVariable('S', 'v', 'done', { after: ['W'] })], {
    variables: { v: { type: 'String', defaultValue: '' } },
  })
  const handle = await worker.start(
    plan([pipeline('parent_leaves', [execute('child_alone', {}, false)]), child]),
  )
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  expect(worker.rows.some(({ pipeline: of }) => of === 'child_alone')).toBe(false)
  const output = worker.rows.find(({ pipeline: of }) => of === 'parent_leaves')?.output
  expect(output).toEqual({ pipelineName: 'child_alone', pipelineRunId: expect.any(String) })
  await expect
    .poll(() => worker.runs.findLast((run) => run.pipeline === 'child_alone')?.status, { timeout: 10_000 })
    .toBe('Succeeded')
})

test('after success, chained pipelines start with the batch handed on, once', async () => {
  const parameters = { batch: { type: 'String' } } as const
  const bronze = pipeline('bronze', [work('A')], {
    parameters,
    runDimensions: { batch: '@pipeline().parameters.batch' },
  })
  const silver = pipeline('silver', [returnValue('R', [item('type', '@pipeline().TriggerType')])], {
    parameters,
  })
  const chain = [
    {
      trigger: 'on_bronze',
      upstream: 'bronze',
      pipeline: 'silver',
      parameters: { batch: '@trigger().runDimensions.batch' },
    },
  ]
  const batch = `b-${crypto.randomUUID()}`
  const frozen = plan([bronze, silver], { chain })
  const handle = await worker.start(frozen, { parameters: { batch }, chain: true })
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  const chained = worker.client.workflow.getHandle(`silver/${batch}`)
  expect(await chained.result()).toMatchObject({ returnValue: { type: 'ChainingTrigger' } })
  expect(worker.runs.findLast((run) => run.pipeline === 'silver')).toMatchObject({
    batch,
    triggerName: 'on_bronze',
    parameters: { batch },
    status: 'Succeeded',
  })
  const unchained = await worker.start(frozen, { parameters: { batch: 'no-chain' }, chain: false })
  await endOf(unchained)
  await expect(worker.client.workflow.getHandle('silver/no-chain').describe()).rejects.toThrow()
})

test('a failed run starts nothing', async () => {
  const chain = [{ trigger: 't', upstream: 'bronze_fails', pipeline: 'after', parameters: {} }]
  const pipelines = [pipeline('bronze_fails', [fail('F', 'no', '1')]), pipeline('after', [])]
  const batch = { parameters: {}, chain: true }
  await endOf(await worker.start(plan(pipelines, { chain }), batch))
  expect(worker.runs.some((run) => run.pipeline === 'after')).toBe(false)
})

test('parameters that a trigger gives may read the trigger; those of a person are taken as they are', async () => {
  const shows = pipeline('shows', [returnValue('R', [item('p', '@pipeline().parameters.p')])], {
    parameters: { p: { type: 'String' } },
  })
  const parameters = { p: "@concat(trigger().outputs.windowStartTime, '!')" }
  const body = { outputs: { windowStartTime: '2026-11-21T00:00:00Z' } }
  const trigger = { type: 'TumblingWindowTrigger', body } as const
  const windowed = await worker.start(plan([shows]), { parameters, trigger })
  expect(await endOf(windowed)).toMatchObject({ returnValue: { p: '2026-11-21T00:00:00Z!' } })
  const manual = await worker.start(plan([shows]), { parameters })
  expect(await endOf(manual)).toMatchObject({ returnValue: parameters })
  const description = await windowed.describe()
  const attributes = Object.fromEntries(
    description.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  )
  expect(attributes).toMatchObject({
    pipeline: 'shows',
    factory: 'test',
    environment: 'dev',
    trigger: 'TumblingWindowTrigger',
    window: '2026-11-21T00:00:00Z',
    outcome: 'Succeeded',
  })
})

test('payloads above 64 KiB go through the lake, not through the history; worker and client read them back', async () => {
  const text = "@activity('A').output.text"
  const handle = await worker.start(
    plan([
      pipeline('large', [
        work('A', { size: 3_000_000 }),
        work('B', { length: `@length(activity('A').output.text)`, copy: text }, { after: ['A'] }),
        returnValue('R', [item('text', text)], { after: ['B'] }),
      ]),
    ]),
  )
  expect(await endOf(handle)).toMatchObject({ returnValue: { text: 'x'.repeat(3_000_000) } })
  expect(worker.calls.at(-1)?.invocation.typeProperties).toEqual({
    length: 3_000_000,
    copy: 'x'.repeat(3_000_000),
  })
  const description = await handle.describe()
  expect(description.raw.workflowExecutionInfo?.historySizeBytes?.toNumber()).toBeLessThan(50_000)
  const { events } = await handle.fetchHistory()
  const outputs = events?.flatMap(
    (event) => event.activityTaskCompletedEventAttributes?.result?.payloads ?? [],
  )
  const [reference] = outputs ?? []
  expect(Buffer.from(reference?.metadata?.['encoding'] ?? []).toString()).toBe('json/headrace-lake')
  const { sha256, bytes }: { sha256: string; bytes: number } = JSON.parse(
    Buffer.from(reference?.data ?? []).toString(),
  )
  expect((await worker.lake.stat(`_payloads/${sha256}`))?.size).toBe(bytes)
  expect(bytes).toBeGreaterThan(3_000_000)
})

test('a run says in the Temporal UI how it stands', async () => {
  const handle = await worker.start(plan([pipeline('details', [work('Load | table')])]))
  await endOf(handle)
  const metadata: unknown = await handle.query('__temporal_workflow_metadata')
  expect(JSON.stringify(metadata)).toContain('| Load \\\\| table | BuildTable | Succeeded |')
})

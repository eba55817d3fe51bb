import { afterAll, beforeAll, expect, test } from 'vitest'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'
import { forEach, pipeline, plan, wait, work } from '../support/plans.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('signals')
})
afterAll(() => worker.stop())

test('the signal cancel reaches a running activity by its heartbeat and ends the run as Cancelled', async () => {
  const handle = await worker.start(
    plan([
      pipeline('cancelled', [
        work('Hangs', { hang: true }),
        work('Never', {}, { after: [['Hangs', 'Succeeded', 'Failed', 'Skipped']] }),
      ]),
    ]),
  )
  await statusWhen(handle, ({ activities }) => activities[0]?.status === 'InProgress')
  await handle.signal('cancel')
  expect(await endOf(handle)).toMatchObject({ status: 'Cancelled' })
  const call = worker.calls.find(({ invocation }) => invocation.name === 'Hangs')
  expect(call?.context.signal.aborted).toBe(true)
  expect((await handle.describe()).status.name).toBe('CANCELLED')
  expect((await handle.describe()).typedSearchAttributes.getAll()).toContainEqual(
    expect.objectContaining({ key: expect.objectContaining({ name: 'outcome' }), value: 'Cancelled' }),
  )
  expect(worker.runs.at(-1)).toMatchObject({ status: 'Cancelled' })
  expect(worker.rows.map(({ activity, status }) => [activity, status])).toEqual([['Hangs', 'Cancelled']])
})

test('cancelling ends timers, loops and child runs too', async () => {
  const child = pipeline('child', [wait('Long', 600)])
  const parent = pipeline('cancelled_parent', [
    wait('Wait', 600),
    forEach('Loop', [1, 2, 3], [wait('Inner', 600)]),
    {
      ...work('Child'),
      type: 'ExecutePipeline',
      pipeline: 'child',
      parameters: {},
      waitOnCompletion: true,
    },
  ])
  const handle = await worker.start(plan([parent, child]))
  const status = await statusWhen(handle, ({ activities }) => activities[2]?.workflowIds.length === 1)
  await handle.signal('cancel')
  expect(await endOf(handle)).toMatchObject({ status: 'Cancelled' })
  const inner = worker.client.workflow.getHandle(status.activities[2]?.workflowIds[0] ?? '')
  expect((await inner.describe()).status.name).toBe('CANCELLED')
})

test('a paused run starts nothing new, lets what runs go on, and resumes', async () => {
  const handle = await worker.start(
    plan([pipeline('paused', [wait('First', 1), work('Second', { n: 1 }, { after: ['First'] })])]),
  )
  await statusWhen(handle, ({ activities }) => activities[0]?.status === 'InProgress')
  await handle.signal('pause')
  const status = await statusWhen(handle, ({ activities }) => activities[0]?.status === 'Succeeded')
  expect(status.paused).toBe(true)
  expect(status.activities[1]?.status).toBe('Waiting')
  await handle.signal('resume')
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
})

test('a paused run can be cancelled', async () => {
  const activities = [wait('First', 1), work('Second', {}, { after: ['First'] })]
  const handle = await worker.start(plan([pipeline('paused_cancelled', activities)]))
  await statusWhen(handle, (status) => status.activities[0]?.status === 'InProgress')
  await handle.signal('pause')
  await statusWhen(handle, (status) => status.paused && status.activities[0]?.status === 'Succeeded')
  await handle.signal('cancel')
  expect(await endOf(handle)).toMatchObject({ status: 'Cancelled' })
})

test('pause and resume reach child runs', async () => {
  const child = pipeline('pausing_child', [wait('First', 1), work('Second', {}, { after: ['First'] })])
  const execute = {
    ...work('Child'),
    type: 'ExecutePipeline',
    pipeline: 'pausing_child',
    parameters: {},
  } as const
  const handle = await worker.start(
    plan([pipeline('pausing', [{ ...execute, waitOnCompletion: true }]), child]),
  )
  const { activities } = await statusWhen(handle, (status) => status.activities[0]?.workflowIds.length === 1)
  const inner = worker.client.workflow.getHandle(activities[0]?.workflowIds[0] ?? '')
  await statusWhen(inner, (status) => status.activities[0]?.status === 'InProgress')
  await handle.signal('pause')
  await statusWhen(inner, (status) => status.paused && status.activities[0]?.status === 'Succeeded')
  await handle.signal('resume')
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
})

test('editing a definition under a paused run changes nothing of that run', async () => {
  const first = plan([
    pipeline('edited', [wait('First', 1), work('Second', { version: 1 }, { after: ['First'] })]),
  ])
  const handle = await worker.start(first)
  await statusWhen(handle, ({ activities }) => activities[0]?.status === 'InProgress')
  await handle.signal('pause')
  await statusWhen(handle, ({ activities }) => activities[0]?.status === 'Succeeded')
  const edited = plan([pipeline('edited', [work('Second', { version: 2 })])])
  const next = await worker.start(edited)
  expect(await endOf(next)).toMatchObject({ status: 'Succeeded' })
  await handle.signal('resume')
  await endOf(handle)
  const versions = worker.rows.filter(
    ({ activity, pipeline: of }) => activity === 'Second' && of === 'edited',
  )
  expect(versions.map(({ input }) => input)).toEqual([{ version: 2 }, { version: 1 }])
})

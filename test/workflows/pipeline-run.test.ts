import { afterAll, beforeAll, expect, test } from 'vitest'
import { endOf, startPipelineWorker, type PipelineWorker } from '../support/pipeline-worker.ts'
import { pipeline, plan, returnValue, work } from '../support/plans.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('pipeline-run')
})
afterAll(() => worker.stop())

test('runs a chain of two activities and returns what the pipeline returns', async () => {
  const handle = await worker.start(
    plan([
      pipeline('chain', [
        work('A', { n: 1 }),
        work('B', { n: "@add(activity('A').output.n, 1)" }, { after: ['A'] }),
        returnValue('R', [{ key: 'n', value: { type: 'Expression', content: "@activity('B').output.n" } }], {
          after: ['B'],
        }),
      ]),
    ]),
  )
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded', returnValue: { n: 2 } })
  expect(worker.rows.map(({ activity, status }) => [activity, status])).toEqual([
    ['A', 'Succeeded'],
    ['B', 'Succeeded'],
    ['R', 'Succeeded'],
  ])
  expect(worker.runs.at(-1)).toMatchObject({ status: 'Succeeded', pipeline: 'chain' })
})

test('a run does not wait for its warehouse before it works, and records all once it is back', async () => {
  let away = true
  const alone = await startPipelineWorker(
    'warehouse-away',
    async () => ({}),
    () => away,
  )
  const handle = await alone.start(plan([pipeline('unrecorded', [work('A')])]))
  await expect.poll(() => alone.calls.length, { timeout: 10_000 }).toBe(1)
  expect(alone.runs).toEqual([])
  away = false
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  expect(alone.runs.map(({ status }) => status)).toEqual(['InProgress', 'Succeeded'])
  expect(alone.rows.map(({ activity }) => activity)).toEqual(['A'])
  await alone.stop()
})

test('a run refuses parameters that its pipeline does not have', async () => {
  const handle = await worker.start(plan([pipeline('strict', [])]), { parameters: { typo: 1 } })
  expect(await endOf(handle)).toEqual({
    status: 'Failed',
    message: "pipeline 'strict' has no parameter 'typo'; its parameters are: none",
  })
})

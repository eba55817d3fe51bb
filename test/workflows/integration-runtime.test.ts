import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlan } from '../../adf/plan/build-plan.ts'
import { factoryOf, sha256 } from '../adf/plan/in-memory-factory.ts'
import { endOf, startPipelineWorker, type PipelineWorker } from '../support/pipeline-worker.ts'

let main: PipelineWorker
let onSite: PipelineWorker
beforeAll(async () => {
  main = await startPipelineWorker('runtime')
  onSite = await startPipelineWorker('on-site')
})
afterAll(() => Promise.all([main.stop(), onSite.stop()]))

const service = (runtime: string) =>
  `properties: { type: AzureFunction, connectVia: { referenceName: ${runtime}, type: IntegrationRuntimeReference } }`

function planWith(factory: string) {
  const build = (name: string, reference: string) =>
    `{ name: ${name}, type: BuildTable, linkedServiceName: { referenceName: ${reference} }, typeProperties: { table: silver.t, batch: ${name} } }`
  const files = {
    'factory.yaml': factory,
    'table/t.yaml': 'name: silver.t\n',
    'table/t.sql': 'SELECT 1\n',
    'linkedService/near.yaml': service('Plant'),
    'linkedService/far.yaml': service('Cloud'),
    'pipeline/x.yaml': `properties: { activities: [${build('near', 'near')}, ${build('far', 'far')}] }`,
  }
  const { plan, issues } = buildPlan(factoryOf(files), 'x', 'dev', sha256)
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([])
  if (plan === null) throw new TypeError('there is no plan')
  return plan
}

const batches = (worker: PipelineWorker) =>
  worker.calls.map(({ invocation }) => invocation.typeProperties['batch'])

test('what connects through a mapped integration runtime runs on its task queue, all else on the own one', async () => {
  const handle = await main.start(
    planWith(`integrationRuntimes: { plant: { taskQueue: ${onSite.taskQueue} } }`),
  )
  expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
  expect([batches(main), batches(onSite)]).toEqual([['far'], ['near']])
})

test('a mapped runtime without a task queue has one of its name beside the own one', async () => {
  const handle = await main.start(planWith('integrationRuntimes: { Plant: {} }'))
  const queues = async () => {
    const { events } = await handle.fetchHistory()
    return (events ?? []).flatMap((one) => one.activityTaskScheduledEventAttributes?.taskQueue?.name ?? [])
  }
  await expect
    .poll(async () => (await queues()).sort())
    .toEqual([main.taskQueue, `${main.taskQueue}-Plant`].sort())
  await handle.terminate()
})

test('without a mapping the plan says nothing of integration runtimes', () => {
  const plan = planWith('name: f')
  expect(JSON.stringify(plan)).not.toMatch(/integrationRuntime/)
})

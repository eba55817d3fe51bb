import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { applySchedules, scheduleIds } from '../../clients/schedules/apply-schedules.ts'
import { listSchedules, setPaused } from '../../clients/schedules/manage-schedules.ts'
import { schedulePrefix, wantedSchedules } from '../../clients/schedules/planned-schedules.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { startPipelineWorker, type PipelineWorker } from '../support/pipeline-worker.ts'
import { headrace, newHome } from './headrace.ts'
import { dailyTrigger, workPipeline, writeFactory, type WrittenFactory } from './scheduled-factory.ts'

let worker: PipelineWorker
const prefixes: string[] = []

beforeAll(async () => {
  worker = await startPipelineWorker('schedules')
})
afterAll(async () => {
  for (const prefix of prefixes) {
    for (const id of await scheduleIds(worker.client, prefix))
      await worker.client.schedule.getHandle(id).delete()
  }
  await worker.stop()
})

async function scheduled(properties = {}, pipeline = {}) {
  const factory = await writeFactory({
    'pipeline/load.json': workPipeline('load', {}, pipeline),
    'trigger/daily.json': dailyTrigger('load', properties),
  })
  const prefix = schedulePrefix(factory.name, 'dev')
  prefixes.push(prefix)
  return { factory, prefix, id: `${prefix}daily/load`, apply: () => apply(factory, prefix) }
}

async function apply(factory: WrittenFactory, prefix: string) {
  const wanted = await wantedSchedules(await readFactory(factory.folder), 'dev', worker.lake)
  const applied = await applySchedules(worker.client, worker.taskQueue, prefix, wanted)
  return applied.map(
    ({ id, change, paused }) => `${id.slice(prefix.length)} ${change}${paused ? ' paused' : ''}`,
  )
}

test('apply creates, leaves alone what is the same, updates what changed, removes what vanished', async () => {
  const { factory, apply: run, prefix } = await scheduled()
  expect(await run()).toEqual(['daily/load created'])
  expect(await run()).toEqual(['daily/load unchanged'])
  await factory.write(
    'trigger/daily.json',
    dailyTrigger('load', {}, { schedule: { hours: [5], minutes: [0] } }),
  )
  expect(await run()).toEqual(['daily/load updated'])
  const [known] = await listSchedules(worker.client, prefix)
  expect(known).toMatchObject({
    trigger: 'daily',
    pipeline: 'load',
    paused: false,
    next: '2040-01-01T05:00:00.000Z',
  })
  await factory.write('pipeline/load.json', workPipeline('load', { changed: true }))
  expect(await run()).toEqual(['daily/load updated'])
  await factory.remove('trigger/daily.json')
  expect(await run()).toEqual(['daily/load removed'])
  expect(await scheduleIds(worker.client, prefix)).toEqual([])
})

test('a Stopped trigger has a paused schedule; what people paused or resumed stays until its runtimeState changes', async () => {
  const { factory, apply: run, prefix, id } = await scheduled({ runtimeState: 'Stopped' })
  expect(await run()).toEqual(['daily/load created paused'])
  expect(await setPaused(worker.client, prefix, 'daily', false)).toEqual([id])
  await factory.write('pipeline/load.json', workPipeline('load', { changed: true }))
  expect(await run()).toEqual(['daily/load updated'])
  expect(await setPaused(worker.client, prefix, 'Daily', true)).toEqual([id])
  expect(await run()).toEqual(['daily/load unchanged paused'])
  await factory.write('trigger/daily.json', dailyTrigger('load'))
  expect(await run()).toEqual(['daily/load updated'])
  await factory.write('trigger/daily.json', dailyTrigger('load', { runtimeState: 'Disabled' }))
  expect(await run()).toEqual(['daily/load removed'])
  await expect(setPaused(worker.client, prefix, 'daily', true)).rejects.toThrow(
    'there is no schedule of a trigger "daily"; schedules are there for: none. Write them with: headrace schedule apply',
  )
})

test.each([
  ['starts every time', null, 'ALLOW_ALL'],
  ['queues its runs with concurrency 1', 1, 'BUFFER_ALL'],
])('a pipeline %s, and a day of missed times is made up', async (_title, concurrency, overlap) => {
  const { apply: run, id } = await scheduled({}, concurrency === null ? {} : { concurrency })
  await run()
  const { policies } = await worker.client.schedule.getHandle(id).describe()
  expect(policies).toEqual({ overlap, catchupWindow: 86_400_000, pauseOnFailure: false })
})

test('a run that its schedule starts knows its trigger and evaluates its parameters', async () => {
  const { apply: run, id } = await scheduled()
  await run()
  const handle = worker.client.schedule.getHandle(id)
  await handle.trigger()
  const started = await firstRun(id)
  await worker.client.workflow.getHandle(started.workflowId, started.firstExecutionRunId).result()
  const record = worker.runs.findLast((one) => one.runId === started.firstExecutionRunId)
  expect(record).toMatchObject({
    status: 'Succeeded',
    triggerType: 'ScheduleTrigger',
    triggerName: 'daily',
    batch: expect.stringMatching(/^\d{8}$/) as string,
  })
  expect(started.workflowId).toMatch(/^load\/daily-\d{4}-\d\d-\d\dT/)
})

async function firstRun(id: string) {
  for (;;) {
    const { info } = await worker.client.schedule.getHandle(id).describe()
    const [action] = info.recentActions
    if (action !== undefined) return action.action.workflow
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('an error in any trigger changes no schedule and is named with its line', async () => {
  const { factory, apply: run, prefix } = await scheduled()
  await run()
  const wrong = dailyTrigger('load', {}, { frequency: 'Month', interval: 5 })
  await factory.write('trigger/wrong.json', { ...wrong, name: 'wrong' })
  await factory.remove('trigger/daily.json')
  await expect(run()).rejects.toMatchObject({
    name: 'DefinitionError',
    issues: [
      {
        file: 'trigger/wrong.json',
        place: 'typeProperties.recurrence.interval',
        message: 'is 5 months; 1, 2, 3, 4, 6 and 12 can be expressed',
      },
    ],
  })
  expect(await scheduleIds(worker.client, prefix)).toHaveLength(1)
})

test('the command line applies, lists and pauses', async () => {
  const { factory, prefix } = await scheduled()
  const home = newHome()
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const environment = {
    HEADRACE_HOME: home,
    HEADRACE_FACTORY: factory.folder,
    HEADRACE_TEMPORAL_ADDRESS: inject('temporalAddress'),
  }
  const run = (...args: string[]) => headrace(['schedule', ...args], environment)
  expect(await run('apply')).toMatchObject({ code: 0, stdout: `${prefix}daily/load  created\n`, stderr: '' })
  expect(await run('list')).toMatchObject({
    code: 0,
    stdout:
      'trigger  pipeline  state   next (UTC)           last run  missed\ndaily    load      active  2040-01-01 02:00:00                 0\n',
  })
  expect(await run('pause', 'daily')).toMatchObject({ code: 0, stdout: `${prefix}daily/load  paused\n` })
  const listed: unknown = JSON.parse((await run('list', '--json')).stdout)
  expect(listed).toMatchObject([{ trigger: 'daily', paused: true, next: null }])
  expect(await run('resume', 'nightly')).toMatchObject({ code: 2 })
  expect(await run('stop')).toMatchObject({
    code: 2,
    stderr: 'The action is "stop"; allowed: apply, list, pause, resume\n',
  })
})

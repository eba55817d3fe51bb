import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { PlannedActivity, WorkActivity } from '../../adf/plan/plan.ts'
import { type Answer, httpServer, type ReceivedRequest } from '../support/http-server.ts'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'
import { base, forEach, pipeline, plan, returnValue } from '../support/plans.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('web-hook')
})
afterAll(() => worker.stop())

function hook(name: string, typeProperties: JsonObject): WorkActivity {
  return { ...base(name), type: 'WebHook', typeProperties, linkedService: null, inputs: [], outputs: [] }
}

const callBackUri = ({ body }: ReceivedRequest): string => {
  const uri: unknown = Reflect.get(JSON.parse(body) as object, 'callBackUri')
  return typeof uri === 'string' ? uri : ''
}

const callBack = (uri: string, body: JsonValue) =>
  fetch(uri, { method: 'POST', body: JSON.stringify(body) }).then(({ status }) => status)

const output = (path: string) => ({ key: 'o', value: { type: 'Expression', content: `@${path}` } })

async function run(name: string, activities: readonly PlannedActivity[]) {
  const handle = await worker.start(plan([pipeline(name, activities)]))
  return { handle, rows: () => worker.rows.filter((row) => row.pipeline === name) }
}

describe('WebHook', () => {
  test('waits for the callback, whose body is the output', async () => {
    const server = await httpServer((): Answer => ({ status: 202 }))
    const { handle } = await run('hooked', [
      hook('H', { method: 'POST', url: server.url, body: { a: 1 }, headers: {} }),
      returnValue('R', [output("activity('H').output.rows")], { after: ['H'] }),
    ])
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1)
    const [request] = server.requests
    if (request === undefined) throw new Error('no call')
    expect(JSON.parse(request.body)).toMatchObject({ a: 1 })
    expect(await callBack(callBackUri(request), { rows: 3 })).toBe(200)
    expect(await endOf(handle)).toMatchObject({ status: 'Succeeded', returnValue: { o: 3 } })
    expect(await callBack(callBackUri(request), { rows: 4 })).toBe(404)
  })

  test('takes a callback that comes before the call has been answered, and only the first', async () => {
    const server = await httpServer(async (request): Promise<Answer> => {
      await callBack(callBackUri(request), { rows: 1 })
      await callBack(callBackUri(request), { rows: 2 })
      return { body: {} }
    })
    const { handle } = await run('early', [
      hook('H', { url: server.url }),
      returnValue('R', [output("activity('H').output.rows")], { after: ['H'] }),
    ])
    expect(await endOf(handle)).toMatchObject({ returnValue: { o: 1 } })
  })

  test('fails as the callback reports where it reports its status', async () => {
    const body = { StatusCode: '403', Error: { ErrorCode: 'Denied', Message: 'not you' } }
    const server = await httpServer(async (request): Promise<Answer> => {
      await callBack(callBackUri(request), body)
      return {}
    })
    const { handle, rows } = await run('reported', [
      hook('H', { url: server.url, reportStatusOnCallBack: true }),
    ])
    expect(await endOf(handle)).toEqual({
      status: 'Failed',
      message: 'Operation on target H failed: not you',
    })
    expect(rows()).toMatchObject([{ status: 'Failed', error: { errorCode: 'Denied' } }])
  })

  test('fails when no callback comes in time', async () => {
    const server = await httpServer(() => ({}))
    const { handle, rows } = await run('late', [hook('H', { url: server.url, timeout: '00:00:01' })])
    expect(await endOf(handle)).toMatchObject({
      status: 'Failed',
      message: expect.stringMatching(/No callback came within the timeout of 1 s/),
    })
    expect(rows()).toMatchObject([{ status: 'TimedOut', error: { errorCode: 'WebHookTimeout' } }])
  })

  test('fails when the call itself fails', async () => {
    const server = await httpServer(() => ({ status: 500, body: 'boom' }))
    const { handle, rows } = await run('refused', [hook('H', { url: server.url })])
    expect(await endOf(handle)).toMatchObject({ status: 'Failed' })
    expect(rows()).toMatchObject([{ error: { errorCode: '2108' } }])
  })

  test('each iteration of a parallel loop has a callback of its own', async () => {
    const server = await httpServer(() => ({}))
    const loop = forEach('Each', '@createArray(1, 2, 3)', [
      hook('H', { url: server.url, body: "@json(concat('{\"n\":', item(), '}'))" }),
    ])
    const { handle, rows } = await run('many', [loop])
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(3)
    for (const request of server.requests.toReversed())
      await callBack(callBackUri(request), { n: Number(/"n":(\d)/.exec(request.body)?.[1]) * 10 })
    expect(await endOf(handle)).toMatchObject({ status: 'Succeeded' })
    const outputs = rows()
      .filter(({ activity }) => activity === 'H')
      .toSorted((a, b) => a.iterationPath.localeCompare(b.iterationPath))
      .map((row) => [row.iterationPath, row.output])
    expect(outputs).toEqual([
      ['0', { n: 10 }],
      ['1', { n: 20 }],
      ['2', { n: 30 }],
    ])
  })

  test('a cancel ends the wait', async () => {
    const server = await httpServer(() => ({}))
    const { handle } = await run('cancelled', [hook('H', { url: server.url })])
    await statusWhen(
      handle,
      (status) => server.requests.length > 0 && status.activities[0]?.activityId === null,
    )
    await handle.cancel()
    expect(await endOf(handle)).toMatchObject({ status: 'Cancelled' })
  })
})

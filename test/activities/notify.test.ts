import { expect, test } from 'vitest'
import type { ActivityContext, Dependencies } from '../../activities/activity.ts'
import { notify } from '../../activities/notify.ts'
import type { JsonObject } from '../../adf/json.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'
import type { Notification, Notifier } from '../../notify/notifier.ts'
import { webhookNotifier } from '../../notify/webhook.ts'
import { invocationOf } from '../support/invocation.ts'
import { webhookServer } from '../notify/webhook-server.ts'
import { temporaryWarehouse } from '../warehouse/temporary-warehouse.ts'
import { dependenciesWith, testSettings } from '../support/dependencies.ts'

const context: ActivityContext = {
  signal: new AbortController().signal,
  attempt: 1,
  cursor: null,
  progress() {},
  checkpoint() {},
}

function invocation(typeProperties: JsonObject, rest: Partial<ActivityInvocation> = {}): ActivityInvocation {
  return invocationOf(
    'Notify',
    { severity: 'error', title: 'it failed', ...typeProperties },
    { name: 'Notify failure', ...rest, run: { pipeline: 'bronze_ingest', ...rest.run } },
  )
}

/** A channel that keeps what it took and fails the first `failures` times. */
function channel(name: string, failures = 0): Notifier & { readonly taken: Notification[] } {
  const taken: Notification[] = []
  let left = failures
  return {
    name,
    taken,
    async send(notification) {
      if (left-- > 0) throw new Error(`${name} is down`)
      taken.push(notification)
    },
  }
}

async function dependencies(...notifiers: Notifier[]): Promise<Dependencies> {
  const { warehouse } = await temporaryWarehouse()
  const temporalUi = 'http://127.0.0.1:8233/namespaces/default'
  return dependenciesWith({ warehouse, notifiers, settings: { ...testSettings, temporalUi } })
}

test('the message says what failed, why, with what input, and where to look', async () => {
  const all = channel('all')
  const output = await notify(
    invocation({
      text: 'see the log',
      activity: 'Ingest scans',
      error: { errorCode: '2200', message: 'disk full' },
      input: { chunk: 3 },
    }),
    context,
    await dependencies(all),
  )
  expect(output['channels']).toEqual(['all'])
  expect(all.taken).toEqual([
    {
      deduplicationKey: output['deduplicationKey'],
      severity: 'error',
      title: 'it failed',
      text: 'see the log',
      factory: 'test',
      environment: 'dev',
      pipeline: 'bronze_ingest',
      runId: 'run-1',
      batch: 'b1',
      activity: 'Ingest scans',
      error: 'disk full',
      input: { chunk: 3 },
      runLink: 'http://127.0.0.1:8233/namespaces/default/workflows/bronze_ingest%2Fb1/run-1/history',
      triggerTime: '2026-11-21T09:30:00.0000000Z',
    },
  ])
})

test('a channel that fails is tried again alone', async () => {
  const [good, bad] = [channel('good'), channel('bad', 1)]
  const worker = await dependencies(good, bad)
  await expect(notify(invocation({}), context, worker)).rejects.toThrow(
    '1 of 2 channels did not take the notification: bad is down',
  )
  const output = await notify(invocation({}, { retryAttempt: 1 }), context, worker)
  expect(output['channels']).toEqual(['good', 'bad'])
  expect([good.taken.length, bad.taken.length]).toEqual([1, 1])
  await notify(invocation({}), context, worker)
  expect([good.taken.length, bad.taken.length]).toEqual([1, 1])
  expect(await worker.warehouse.query('SELECT channel, title FROM notifications ORDER BY channel')).toEqual([
    { channel: 'bad', title: 'it failed' },
    { channel: 'good', title: 'it failed' },
  ])
})

test('each iteration and title is a notification of its own', async () => {
  const all = channel('all')
  const worker = await dependencies(all)
  for (const iterationPath of ['0', '1']) {
    for (const title of ['a', 'b']) await notify(invocation({ title }, { iterationPath }), context, worker)
  }
  expect(new Set(all.taken.map((one) => one.deduplicationKey)).size).toBe(4)
})

test('only the named channels are asked; an unknown name is a mistake in the definition', async () => {
  const [one, two] = [channel('one'), channel('two')]
  const worker = await dependencies(one, two)
  await notify(invocation({ channels: ['two'] }), context, worker)
  expect([one.taken.length, two.taken.length]).toEqual([0, 1])
  await expect(notify(invocation({ channels: ['teams'] }), context, worker)).rejects.toMatchObject({
    name: 'DefinitionError',
    message: 'there is no notification channel "teams"; this worker has: one, two',
  })
})

test('a value that its expression got wrong is named', async () => {
  const worker = await dependencies()
  await expect(notify(invocation({ title: '' }), context, worker)).rejects.toMatchObject({
    name: 'DefinitionError',
    message: 'activity "Notify failure" (Notify): typeProperties.title must not be empty',
  })
})

test('a webhook that is down for a moment gets the message once', async () => {
  const server = await webhookServer((response, count) => response.writeHead(count === 1 ? 503 : 200).end())
  const worker = await dependencies(webhookNotifier({ url: () => server.url }))
  await expect(notify(invocation({}), context, worker)).rejects.toThrow('answered 503')
  await notify(invocation({}), context, worker)
  await notify(invocation({}), context, worker)
  expect(server.received).toHaveLength(2)
  expect(server.received[0]?.body).toBe(server.received[1]?.body)
})

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { consoleNotifier } from '../../notify/console.ts'
import { outboxNotifier } from '../../notify/outbox.ts'
import { webhookNotifier, type WebhookOptions } from '../../notify/webhook.ts'
import { notification } from './notification.ts'
import { webhookServer } from './webhook-server.ts'

const signal = new AbortController().signal

test('the console gets one line without control characters', async () => {
  const lines: string[] = []
  await consoleNotifier((line) => lines.push(line)).send(notification, signal)
  await consoleNotifier((line) => lines.push(line)).send(
    { ...notification, severity: 'info', activity: null, error: null, runLink: null, text: '' },
    signal,
  )
  expect(lines).toEqual([
    'ERROR bronze_ingest/b1 "Ingest scans": bronze_ingest failed - Two lines of  [31mtext - disk full - http://127.0.0.1:8233/namespaces/default/workflows/bronze_ingest%2Fb1/run-1/history\n',
    'INFO bronze_ingest/b1: bronze_ingest failed\n',
  ])
})

test('the outbox holds one complete file a notification, however often and from however many it is sent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-outbox-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const outbox = outboxNotifier(join(folder, 'outbox'))
  await Promise.all(Array.from({ length: 8 }, () => outbox.send(notification, signal)))
  await outbox.send({ ...notification, deduplicationKey: 'another' }, signal)
  const files = await readdir(join(folder, 'outbox'))
  expect(files.toSorted()).toEqual([
    '20261121T0930000000000Z-0123456789abcdef.json',
    '20261121T0930000000000Z-another.json',
  ])
  const written: unknown = JSON.parse(
    await readFile(join(folder, 'outbox', files.toSorted()[0] ?? ''), 'utf8'),
  )
  expect(written).toEqual(notification)
})

test('a webhook gets the notification as JSON, with its key and secret headers', async () => {
  const server = await webhookServer()
  const webhook = webhookNotifier({
    url: () => server.url,
    headers: { Authorization: () => 'Bearer token' },
  })
  await webhook.send(notification, signal)
  expect(server.received).toHaveLength(1)
  const [request] = server.received
  expect(request).toMatchObject({
    method: 'POST',
    path: '/hook?key=secret',
    headers: {
      authorization: 'Bearer token',
      'content-type': 'application/json',
      'idempotency-key': '0123456789abcdef',
    },
  })
  expect(JSON.parse(request?.body ?? '')).toEqual(notification)
})

test.each([
  [500, 'channel webhook answered 500; a 2xx was expected'],
  [404, 'channel webhook answered 404; a 2xx was expected'],
  [302, 'channel webhook answered 302; a 2xx was expected; give the address it redirects to'],
])('an answer of %i is a failure', async (status, message) => {
  const server = await webhookServer((response) =>
    response.writeHead(status, { location: '/other' }).end('no'),
  )
  await expect(webhookNotifier({ url: () => server.url }).send(notification, signal)).rejects.toThrow(
    new Error(message),
  )
  expect(server.received).toHaveLength(1)
})

test('a webhook that does not answer in time is a failure', async () => {
  const server = await webhookServer(() => {})
  const webhook = webhookNotifier({ name: 'teams', url: () => server.url, timeoutMs: 50 })
  await expect(webhook.send(notification, signal)).rejects.toThrow(
    new Error(`channel teams at ${server.host} did not answer within 50 ms`),
  )
})

test('cancelling ends a sending at once', async () => {
  const cancel = new AbortController()
  const server = await webhookServer(() => cancel.abort(new Error('cancelled')))
  await expect(webhookNotifier({ url: () => server.url }).send(notification, cancel.signal)).rejects.toThrow(
    'cancelled',
  )
})

test.each<[title: string, options: WebhookOptions, message: string]>([
  [
    'an address that nobody listens at',
    { url: () => 'http://127.0.0.1:1/secret' },
    'channel webhook at 127.0.0.1:1 cannot be reached',
  ],
  [
    'an address that is none',
    { url: () => 'secret' },
    'the address of channel webhook is no http:// or https:// address; correct the secret',
  ],
  [
    'a header with a line break',
    { url: () => 'http://127.0.0.1:1/', headers: { 'X-Key': () => 'secret\nX-Other: 1' } },
    'header X-Key of channel webhook holds a character that no header may hold; correct the secret',
  ],
])('%s is a failure that does not tell the secret', async (_title, options, message) => {
  const failure = await webhookNotifier(options)
    .send(notification, signal)
    .catch((error: unknown) => error)
  expect(failure).toEqual(new Error(message))
  expect(String(failure instanceof Error ? failure.cause : '')).not.toContain('secret')
})

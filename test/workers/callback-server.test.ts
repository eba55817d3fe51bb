import { expect, onTestFinished, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import { startCallbackServer } from '../../workers/callback-server.ts'

const token = '6f2c6b1e-63d0-4f7c-9b6a-0d4a7e1f2b3c'

async function server(takes: boolean | Error = true) {
  const taken: [string, string, JsonValue][] = []
  const running = await startCallbackServer({
    host: '127.0.0.1',
    ports: [0],
    deliver: async (...callback) => {
      if (takes instanceof Error) throw takes
      taken.push(callback)
      return takes
    },
  })
  onTestFinished(() => running.close())
  return { url: `http://127.0.0.1:${running.port}`, port: running.port, taken }
}

const post = (url: string, body: string, method = 'POST') =>
  fetch(url, { method, ...(method === 'POST' && { body }) }).then(({ status }) => status)

test('hands on workflow, token and body of a callback', async () => {
  const { url, taken } = await server()
  expect(await post(`${url}/callbacks/orders%2F2026-11-21/${token}`, '{"a":1}')).toBe(200)
  expect(await post(`${url}/callbacks/orders/${token}`, '')).toBe(200)
  expect(taken).toEqual([
    ['orders/2026-11-21', token, { a: 1 }],
    ['orders', token, {}],
  ])
})

test.each<[title: string, path: string, body: string, status: number, method?: string]>([
  ['another path', '/', '{}', 404],
  ['a token that is none', '/callbacks/w/../etc', '{}', 404],
  ['a workflow id that does not decode', `/callbacks/%E0%A4%A/${token}`, '{}', 404],
  ['a GET', `/callbacks/w/${token}`, '', 405, 'GET'],
  ['text that is no JSON', `/callbacks/w/${token}`, 'done', 400],
  ['a body above 1 MiB', `/callbacks/w/${token}`, `"${'x'.repeat(1 << 20)}"`, 413],
])('refuses %s', async (_title, path, body, status, method) => {
  const { url, taken } = await server()
  expect(await post(url + path, body, method)).toBe(status)
  expect(taken).toEqual([])
})

test('says that a run has ended, and that one cannot be reached now', async () => {
  const ended = await server(false)
  const away = await server(new Error('no server'))
  expect(await post(`${ended.url}/callbacks/w/${token}`, '{}')).toBe(404)
  expect(await post(`${away.url}/callbacks/w/${token}`, '{}')).toBe(503)
})

test('takes another port where the first is taken, and says so where there is no other', async () => {
  const { port } = await server()
  const deliver = async () => true
  const second = await startCallbackServer({ host: '127.0.0.1', ports: [port, 0], deliver })
  onTestFinished(() => second.close())
  expect(second.port).not.toBe(port)
  await expect(startCallbackServer({ host: '127.0.0.1', ports: [port], deliver })).rejects.toThrow(
    /cannot be taken at 127\.0\.0\.1:\d+; free the port or set HEADRACE_CALLBACK_PORT/,
  )
})

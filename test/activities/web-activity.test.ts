import { expect, test } from 'vitest'
import { webActivity } from '../../activities/web-activity.ts'
import type { JsonObject } from '../../adf/json.ts'
import { createSecrets } from '../../stores/secrets.ts'
import { attemptContext } from '../support/activity-context.ts'
import { dependenciesWith, testSettings } from '../support/dependencies.ts'
import { type Answer, httpServer } from '../support/http-server.ts'
import { invocationOf } from '../support/invocation.ts'

const secrets = createSecrets(({ vault, name }) => `secret of ${vault}/${name}`)

function call(
  typeProperties: JsonObject,
  more: Parameters<typeof attemptContext>[0] = {},
  authority?: string,
) {
  const { context, checkpoints } = attemptContext(more)
  const settings = authority === undefined ? testSettings : { ...testSettings, entraAuthority: authority }
  const output = webActivity(
    invocationOf('WebActivity', typeProperties),
    context,
    dependenciesWith({ secrets, settings }),
  )
  return { output, checkpoints }
}

test.each<[title: string, answer: Answer, output: JsonObject]>([
  ['a JSON object is the output itself', { body: { id: 7, items: [1] } }, { id: 7, items: [1] }],
  ['an array stands under Response', { body: [1, { a: 2 }] }, { Response: [1, { a: 2 }] }],
  ['text stands under Response', { body: 'done' }, { Response: 'done' }],
  ['an empty body is empty text', { status: 204 }, { Response: '' }],
])('%s', async (_title, answer, output) => {
  const server = await httpServer(() => answer)
  const got = await call({ method: 'GET', url: `${server.url}/x` }).output
  const { ADFWebActivityResponseHeaders: headers, ...rest } = got
  expect(rest).toEqual(output)
  expect(headers).toHaveProperty('date')
})

test('sends method, headers and body as given; objects as JSON', async () => {
  const server = await httpServer(() => ({ body: {} }))
  const properties = {
    method: 'post',
    url: `${server.url}/runs?key=1`,
    headers: { 'X-One': '1' },
    body: { a: [1] },
  }
  await call(properties).output
  await call({ ...properties, headers: '{"Content-Type": "text/plain"}', body: 'plain' }).output
  expect(server.requests.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/runs?key=1', '{"a":[1]}'],
    ['POST', '/runs?key=1', 'plain'],
  ])
  expect(server.requests[0]?.headers).toMatchObject({ 'x-one': '1', 'content-type': 'application/json' })
  expect(server.requests[1]?.headers['content-type']).toBe('text/plain')
})

test('every attempt of one try carries the same request id', async () => {
  const server = await httpServer(() => ({ body: {} }))
  const properties = { method: 'POST', url: server.url, body: '{}' }
  await call(properties).output
  await call(properties, { attempt: 2 }).output
  const [first, second] = server.requests.map(({ headers }) => headers['x-ms-client-request-id'])
  expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(second).toBe(first)
})

test('a status outside 200 to 299 fails with ADF’s code and message', async () => {
  const server = await httpServer(() => ({ status: 401, body: 'no' }))
  const error = await call({ method: 'GET', url: server.url }).output.catch((thrown: unknown) => thrown)
  const message = "Invoking Web Activity failed with HttpStatusCode - '401 : Unauthorized', message - 'no'"
  expect(error).toMatchObject({
    message,
    details: [{ errorCode: '2108', message, failureType: 'UserError' }],
  })
})

test('polls the Location of a 202 until it answers otherwise, and remembers it', async () => {
  let looks = 0
  const server = await httpServer(({ url }): Answer => {
    if (url === '/start') return { status: 202, headers: { location: '/status/1', 'retry-after': '0' } }
    looks += 1
    return looks < 3 ? { status: 202, headers: { 'retry-after': '0' } } : { body: { state: 'done' } }
  })
  const { output, checkpoints } = call({ method: 'POST', url: `${server.url}/start`, body: '{}' })
  await expect(output).resolves.toMatchObject({ state: 'done' })
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /start',
    'GET /status/1',
    'GET /status/1',
    'GET /status/1',
  ])
  expect(checkpoints[0]).toEqual({ location: `${server.url}/status/1` })
})

test('a worker that takes over polls on and does not call again', async () => {
  const server = await httpServer(() => ({ body: { state: 'done' } }))
  const cursor = { location: `${server.url}/status/1` }
  await call({ method: 'POST', url: `${server.url}/start`, body: '{}' }, { attempt: 2, cursor }).output
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /status/1'])
})

test('takes a 202 as an answer where turnOffAsync says so', async () => {
  const server = await httpServer(() => ({
    status: 202,
    headers: { location: '/status/1' },
    body: { id: 1 },
  }))
  await expect(call({ method: 'POST', url: server.url, turnOffAsync: true }).output).resolves.toMatchObject({
    id: 1,
  })
  expect(server.requests).toHaveLength(1)
})

test('authenticates by Basic with a secret of a vault', async () => {
  const server = await httpServer(() => ({ body: {} }))
  const password = { type: 'AzureKeyVaultSecret', store: { referenceName: 'kv' }, secretName: 'pw' }
  await call({ method: 'GET', url: server.url, authentication: { type: 'Basic', username: 'u', password } })
    .output
  expect(server.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('u:secret of kv/pw').toString('base64')}`,
  )
})

test('authenticates a service principal by a token of Entra', async () => {
  const entra = await httpServer(() => ({ body: { access_token: 't1' } }))
  const server = await httpServer(() => ({ body: {} }))
  const authentication = {
    type: 'ServicePrincipal',
    userTenant: 'contoso',
    username: 'app',
    password: { type: 'SecureString', value: 'key' },
    resource: 'https://management.azure.com/',
  }
  await call({ method: 'GET', url: server.url, authentication }, {}, entra.url).output
  expect(entra.requests[0]).toMatchObject({ method: 'POST', url: '/contoso/oauth2/token' })
  expect(Object.fromEntries(new URLSearchParams(entra.requests[0]?.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: 'key',
    resource: 'https://management.azure.com/',
  })
  expect(server.requests[0]?.headers.authorization).toBe('Bearer t1')
})

test('sends credentials to no other place than the called one', async () => {
  const other = await httpServer(() => ({ body: {} }))
  const server = await httpServer(() => ({
    status: 202,
    headers: { location: `${other.url}/status`, 'retry-after': '0' },
  }))
  const authentication = { type: 'Basic', username: 'u', password: 'p' }
  await call({ method: 'POST', url: server.url, body: '{}', authentication }).output
  expect(server.requests[0]?.headers.authorization).toMatch(/^Basic /)
  expect(other.requests[0]?.headers.authorization).toBeUndefined()
})

test('sends what datasets and linkedServices name in the body', async () => {
  const server = await httpServer(() => ({ body: {} }))
  const linkedService = { name: 'lake', type: 'AzureBlobFS', typeProperties: { url: 'https://x' } }
  const dataset = { name: 'orders', type: 'Json', typeProperties: { folder: 'a' }, linkedService }
  const properties: JsonObject = {
    method: 'POST',
    url: server.url,
    body: { message: 'hi' },
    datasets: [{ referenceName: 'orders', type: 'DatasetReference' }],
    linkedServices: [{ referenceName: 'lake', type: 'LinkedServiceReference' }],
  }
  const invocation = invocationOf('WebActivity', properties, {
    datasets: { orders: dataset },
    linkedServices: { lake: linkedService },
  })
  await webActivity(invocation, attemptContext().context, dependenciesWith({ secrets }))
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    message: 'hi',
    datasets: [{ name: 'orders', properties: { type: 'Json', typeProperties: { folder: 'a' } } }],
    linkedServices: [
      { name: 'lake', properties: { type: 'AzureBlobFS', typeProperties: { url: 'https://x' } } },
    ],
  })
})

test.each<[title: string, properties: JsonObject, message: RegExp]>([
  ['no address', { method: 'GET', url: 'file:///etc/passwd' }, /must be an http:\/\/ or https:\/\/ address/],
  [
    'a managed identity',
    { method: 'GET', url: 'http://127.0.0.1:1', authentication: { type: 'MSI', resource: 'x' } },
    /no managed identity; use ServicePrincipal/,
  ],
  [
    'nobody listening',
    { method: 'GET', url: 'http://127.0.0.1:65533/a?sig=secret' },
    /^No response from GET http:\/\/127\.0\.0\.1:65533\/a: .*ECONNREFUSED/,
  ],
  [
    'headers that are no map',
    { method: 'GET', url: 'http://127.0.0.1:1', headers: '[1]' },
    /headers that are no map/,
  ],
])('says what is wrong: %s', async (_title, properties, message) => {
  await expect(call(properties).output).rejects.toThrow(message)
})

test('gives up on a response that does not come within httpRequestTimeout', async () => {
  const server = await httpServer(() => new Promise<Answer>(() => undefined))
  const { output } = call({ method: 'GET', url: server.url, httpRequestTimeout: '00:00:01' })
  await expect(output).rejects.toThrow(/nothing within 1 s/)
})

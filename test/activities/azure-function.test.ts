import { expect, test } from 'vitest'
import { azureFunction } from '../../activities/azure-function.ts'
import type { JsonObject } from '../../adf/json.ts'
import { createSecrets } from '../../stores/secrets.ts'
import { attemptContext } from '../support/activity-context.ts'
import { dependenciesWith } from '../support/dependencies.ts'
import { type Answer, httpServer } from '../support/http-server.ts'
import { invocationOf } from '../support/invocation.ts'

function call(app: JsonObject, typeProperties: JsonObject) {
  const linkedService = { name: 'app', type: 'AzureFunction', typeProperties: app }
  const secrets = createSecrets(({ name }) => `secret ${name}`)
  const invocation = invocationOf('AzureFunctionActivity', typeProperties, { linkedService })
  return azureFunction(invocation, attemptContext().context, dependenciesWith({ secrets }))
}

test('calls the function with its key and hands on the object that it answers', async () => {
  const server = await httpServer(() => ({ body: { rows: 3 } }))
  const functionKey = { type: 'AzureKeyVaultSecret', store: { referenceName: 'kv' }, secretName: 'fn' }
  const output = await call(
    { functionAppUrl: `${server.url}/`, functionKey },
    { method: 'POST', functionName: 'orders/17?full=true', body: { a: 1 } },
  )
  expect(output).toEqual({ rows: 3 })
  expect(server.requests[0]).toMatchObject({
    method: 'POST',
    url: '/api/orders/17?full=true',
    body: '{"a":1}',
  })
  expect(server.requests[0]?.headers).toMatchObject({ 'x-functions-key': 'secret fn' })
})

test.each<[title: string, answer: Answer, errorCode: string, message: string]>([
  ['an array', { body: [1] }, '3603', 'Response Content is not a valid JObject: [1]'],
  ['text', { body: 'ok' }, '3603', 'Response Content is not a valid JObject: ok'],
  [
    'a failing status',
    { status: 500, body: 'boom' },
    '3608',
    "Call to provided Azure function 'f' failed with status-'500' and message - 'boom'.",
  ],
])('fails with ADF’s code on %s', async (_title, answer, errorCode, message) => {
  const server = await httpServer(() => answer)
  const error = await call({ functionAppUrl: server.url }, { method: 'GET', functionName: 'f' }).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ message, details: [{ errorCode, failureType: 'UserError' }] })
})

test.each<[title: string, app: JsonObject, message: RegExp]>([
  ['an app without an address', {}, /has no functionAppUrl/],
  ['a managed identity', { functionAppUrl: 'http://x', authentication: 'MSI' }, /no managed identity/],
])('refuses %s', async (_title, app, message) => {
  await expect(call(app, { method: 'GET', functionName: 'f' })).rejects.toThrow(message)
})

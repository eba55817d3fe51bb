import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { httpServer, type ReceivedRequest } from '../support/http-server.ts'
import { createInstallation } from '../support/installation.ts'

function callBackUri(request: ReceivedRequest | undefined): string {
  const uri: unknown = Reflect.get(JSON.parse(request?.body ?? '{}') as object, 'callBackUri')
  return typeof uri === 'string' ? uri : ''
}

test('a callback that comes after the worker was killed and started anew ends the wait', async () => {
  const server = await httpServer(() => ({ status: 202 }))
  const installation = await createInstallation({
    name: 'web-hook',
    temporalAddress: inject('temporalAddress'),
  })
  const factory = join(installation.home, 'factory')
  await mkdir(join(factory, 'pipeline'), { recursive: true })
  await writeFile(
    join(factory, 'pipeline', 'approve.yaml'),
    `properties:
  activities:
    - { name: Ask, type: WebHook, typeProperties: { method: POST, url: "${server.url}", body: {} } }
    - name: Return
      type: SetVariable
      dependsOn: [{ activity: Ask, dependencyConditions: [Succeeded] }]
      typeProperties:
        variableName: pipelineReturnValue
        setSystemVariable: true
        value: [{ key: by, value: { type: Expression, content: "@activity('Ask').output.by" } }]
`,
  )
  try {
    await installation.up()
    const started = installation.headrace('run', 'approve', '--factory', factory, '--json')
    await expect.poll(() => server.requests.length, { timeout: 60_000 }).toBe(1)
    await installation.signal('worker', 'SIGKILL')
    await installation.up()
    const answer = await fetch(callBackUri(server.requests[0]), { method: 'POST', body: '{"by":"Ada"}' })
    expect(answer.status).toBe(200)
    // Return reads what the callback brought: without it the run would fail.
    expect(await started).toMatchObject({ code: 0, stdout: expect.stringContaining('"Succeeded"') })
    // A call whose answer the killed worker never had is made again: with the same callback and the same request id.
    expect(new Set(server.requests.map(callBackUri)).size).toBe(1)
    expect(new Set(server.requests.map(({ headers }) => headers['x-ms-client-request-id'])).size).toBe(1)
  } finally {
    await installation.remove()
  }
}, 120_000)

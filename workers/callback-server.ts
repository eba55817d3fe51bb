import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { JsonValue } from '../adf/json.ts'

export interface CallbackServerOptions {
  readonly host: string
  /** Tried in order; 0 is any free one. */
  readonly ports: readonly number[]
  /** Hands a callback to its workflow. `false`: no such run waits any more. */
  readonly deliver: (workflowId: string, token: string, body: JsonValue) => Promise<boolean>
}

export interface CallbackServer {
  readonly port: number
  close(): Promise<void>
}

const bodyLimitBytes = 1 << 20
const requestTimeoutMs = 30_000
const route = /^\/callbacks\/([^/?#]{1,2000})\/([0-9a-f-]{36})$/

/**
 * Takes the callbacks of WebHook activities: `POST /callbacks/{workflow id}/{token}` with a JSON body or none. 200 means that the run has it, durably;
 * a second callback of the same call is taken and changes nothing.
 */
export async function startCallbackServer(options: CallbackServerOptions): Promise<CallbackServer> {
  const server = createServer((request, response) => {
    answer(request, options.deliver).then(
      ([status, message]) => send(response, status, message),
      () => send(response, 503, 'The run cannot be reached now; try again'),
    )
  })
  server.requestTimeout = requestTimeoutMs
  server.headersTimeout = requestTimeoutMs
  const port = await listen(server, options)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  request: IncomingMessage,
  deliver: CallbackServerOptions['deliver'],
): Promise<readonly [status: number, message: string]> {
  const [, encoded = '', token] = route.exec(request.url ?? '') ?? []
  const workflowId = decoded(encoded)
  if (workflowId === null || token === undefined) return [404, 'There is nothing here but callbacks']
  if (request.method !== 'POST') return [405, 'A callback is a POST']
  const text = await bodyOf(request)
  if (text === null)
    return [413, `A callback may have ${bodyLimitBytes} bytes; hand on a path instead of data`]
  const body = jsonOf(text)
  if (body === undefined) return [400, 'The body must be JSON, or empty']
  return (await deliver(workflowId, token, body))
    ? [200, 'taken']
    : [404, 'No run waits for this callback: it has ended']
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyLimitBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): JsonValue | undefined {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
}

async function listen(
  server: ReturnType<typeof createServer>,
  { host, ports }: CallbackServerOptions,
): Promise<number> {
  for (const [index, port] of ports.entries()) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    } catch (cause) {
      if (index === ports.length - 1)
        throw new Error(
          `Callbacks cannot be taken at ${host}:${port}; free the port or set HEADRACE_CALLBACK_PORT to another`,
          { cause },
        )
    }
  }
  throw new TypeError('No port was given')
}

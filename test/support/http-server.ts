import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text, or a value that is sent as JSON. */
  readonly body?: unknown
}

/** A real server on loopback; ends with the test, which must not run beside others of its file. `answer` may throw: the connection is then cut. */
export async function httpServer(answer: (request: ReceivedRequest) => Answer | Promise<Answer>) {
  const requests: ReceivedRequest[] = []
  const server = createServer((incoming, outgoing) => void reply(incoming, outgoing))
  const reply = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url = '', headers } = incoming
    const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
    requests.push(request)
    try {
      const { status = 200, headers: given = {}, body = '' } = await answer(request)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      outgoing.writeHead(status, given).end(text)
    } catch {
      incoming.socket.destroy()
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, requests }
}

import { createServer } from 'node:http'

/** What came in, in the order of its coming, also what was refused. */
export interface Delivery {
  readonly title: string
  readonly deduplicationKey: string
}

export interface Receiver {
  readonly url: string
  readonly deliveries: readonly Delivery[]
  close(): Promise<void>
}

/** A webhook that takes every notification but one: that one it receives and then answers as if it had not. */
export async function startReceiver(refusedDelivery: number): Promise<Receiver> {
  const deliveries: Delivery[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { title } = JSON.parse(Buffer.concat(chunks).toString()) as { title: string }
      deliveries.push({ title, deduplicationKey: String(request.headers['idempotency-key']) })
      response.writeHead(deliveries.length === refusedDelivery ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    deliveries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

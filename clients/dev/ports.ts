import { createServer } from 'node:net'

export const loopback = '127.0.0.1'

/** `count` different ports that are free on the loopback interface at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const ports = servers.map((server) => {
    const address = server?.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map(close))
  return ports
}

/** Whether a port is free on the loopback interface at this moment. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listen(port)
  await close(server)
  return server !== null
}

function listen(port: number): Promise<ReturnType<typeof createServer> | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, loopback, () => resolve(server))
  })
}

function close(server: ReturnType<typeof createServer> | null): Promise<void> {
  return new Promise((resolve) => (server === null ? resolve() : server.close(() => resolve())))
}

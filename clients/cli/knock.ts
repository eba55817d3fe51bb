import { connect } from 'node:net'

/**
 * Why nothing can be there: refused, or no such host. Null where somebody listens or nobody can tell. gRPC itself would go on trying
 * until its time is over.
 */
export function knock(address: string, limitMs = 2_000): Promise<Error | null> {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(address.slice(colon + 1)), timeout: limitMs })
    const end = (error: Error | null) => {
      socket.destroy()
      resolve(error)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end(null))
    socket.once('error', end)
  })
}

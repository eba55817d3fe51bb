import { Readable } from 'node:stream'
import { Agent, type Dispatcher, fetch } from 'undici'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Null: none. */
  readonly body: string | Uint8Array | null
  /** From sending to the last byte of the response. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Null: the system's own certificates, no client certificate. */
  readonly dispatcher: Dispatcher | null
}

export interface HttpResponse {
  readonly status: number
  readonly statusText: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** No answer came: not reachable, wrong certificate, too slow. */
export class NoResponse extends Error {
  override readonly name = 'NoResponse'
  readonly code = '2308'
}

/** Responses are held in memory; what is meant to be data is copied, not called. */
export const responseLimitBytes = 64 * 2 ** 20

/** Sends one request and reads the whole response, following redirects. Throws NoResponse; a status is never an error here. */
export async function sendRequest(request: HttpRequest): Promise<HttpResponse> {
  const { body, ...head } = await openResponse(request)
  const { method, url, signal } = request
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > responseLimitBytes)
        throw new RangeError(
          `${method} ${withoutQuery(url)} answered with more than ${responseLimitBytes} bytes; copy it with a Copy activity instead`,
        )
      chunks.push(chunk)
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof RangeError) throw cause
    throw new NoResponse(`The response to ${method} ${withoutQuery(url)} broke off: ${reasonOf(cause)}`, {
      cause,
    })
  }
  return { ...head, text: Buffer.concat(chunks).toString('utf8') }
}

/** A response whose body has still to be read, and ended. */
export interface OpenResponse extends Omit<HttpResponse, 'text'> {
  readonly body: Readable
}

/** Sends one request and hands on the response as it comes, redirects followed. */
export async function openResponse(request: HttpRequest): Promise<OpenResponse> {
  const { method, url, headers, body, timeoutMs, signal, dispatcher } = request
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      body,
      signal: AbortSignal.any([signal, timeout]),
      ...(dispatcher !== null && { dispatcher }),
    })
    return {
      status: response.status,
      statusText: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: response.body === null ? Readable.from([]) : Readable.fromWeb(response.body),
    }
  } catch (cause) {
    signal.throwIfAborted()
    const why = timeout.aborted ? `nothing within ${timeoutMs / 1000} s` : reasonOf(cause)
    throw new NoResponse(`No response from ${method} ${withoutQuery(url)}: ${why}`, { cause })
  }
}

/** Connections with a client certificate, or to servers whose certificate nobody vouches for. The caller closes it. */
export function agentFor(options: {
  /** PKCS#12 bytes and their passphrase. */
  readonly pfx?: { readonly bytes: Uint8Array; readonly passphrase: string }
  readonly disableCertValidation: boolean
}): Agent {
  const { pfx, disableCertValidation } = options
  return new Agent({
    connect: {
      rejectUnauthorized: !disableCertValidation,
      ...(pfx !== undefined && { pfx: Buffer.from(pfx.bytes), passphrase: pfx.passphrase }),
    },
  })
}

/** Queries carry keys often enough: messages show none. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*$/s, '')
}

/** fetch says "fetch failed"; what happened is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message
}

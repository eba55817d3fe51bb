import { setTimeout as sleep } from 'node:timers/promises'
import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'
import { authenticate, type Credentials } from '../../stores/http/authentication.ts'
import { type HttpResponse, sendRequest } from '../../stores/http/request.ts'
import type { ActivityContext, Dependencies } from '../activity.ts'
import { bodyOf, headersOf, isJsonObject, parsed, requestId, serviceFailure } from './call.ts'

/** One call of an endpoint, as activities have it. */
export interface EndpointCall {
  readonly method: string
  readonly url: string
  readonly headers: JsonValue
  readonly body: JsonValue | undefined
  readonly authentication: JsonObject | null
  readonly disableCertValidation: boolean
  /** Of one request. */
  readonly timeoutMs: number
  /** Whether a 202 with a Location is polled until it is something else. */
  readonly followLocation: boolean
}

const pollEveryMs = 10_000
const shortestPauseMs = 100

/**
 * Calls, follows and reads. The Location of a 202 is kept as the attempt's cursor: a worker that takes over polls on and does not call
 * again. A status outside 200 to 299 fails with ADF's code 2108.
 */
export async function callEndpoint(
  endpoint: EndpointCall,
  invocation: ActivityInvocation,
  context: ActivityContext,
  { secrets, settings }: Dependencies,
): Promise<HttpResponse> {
  const { signal } = context
  const credentials = await authenticate(endpoint.authentication, {
    secrets,
    authority: settings.entraAuthority,
    disableCertValidation: endpoint.disableCertValidation,
    signal,
  })
  try {
    const pending = locationIn(context.cursor)
    let response = pending === null ? await call(endpoint, invocation, credentials, context) : null
    let location = response === null ? pending : polledLocation(response, endpoint)
    while (endpoint.followLocation && location !== null) {
      context.checkpoint({ location })
      if (response !== null) await sleep(pauseOf(response), undefined, { signal })
      response = await poll(location, endpoint, credentials, context)
      location = response.status === 202 ? (polledLocation(response, endpoint) ?? location) : null
    }
    if (response === null) throw new TypeError('A web call ended without a response')
    return succeeded(response)
  } finally {
    await credentials.agent?.close()
  }
}

function call(
  endpoint: EndpointCall,
  invocation: ActivityInvocation,
  credentials: Credentials,
  { signal }: ActivityContext,
): Promise<HttpResponse> {
  const { body, headers } = bodyOf(endpoint.body, headersOf(endpoint.headers, invocation))
  return sendRequest({
    method: endpoint.method,
    url: addressOf(endpoint.url, invocation),
    headers: { 'x-ms-client-request-id': requestId(invocation), ...headers, ...credentials.headers },
    body: endpoint.method === 'GET' ? null : body,
    timeoutMs: endpoint.timeoutMs,
    signal,
    dispatcher: credentials.agent,
  })
}

/** Credentials go only where the user's own request went: a Location may lead elsewhere. */
function poll(
  location: string,
  endpoint: EndpointCall,
  credentials: Credentials,
  { signal }: ActivityContext,
): Promise<HttpResponse> {
  const sameOrigin = new URL(location).origin === new URL(endpoint.url).origin
  return sendRequest({
    method: 'GET',
    url: location,
    headers: sameOrigin ? credentials.headers : {},
    body: null,
    timeoutMs: endpoint.timeoutMs,
    signal,
    dispatcher: credentials.agent,
  })
}

function polledLocation(response: HttpResponse, { url }: EndpointCall): string | null {
  const location = response.headers['location']
  return response.status === 202 && location !== undefined ? new URL(location, url).href : null
}

function pauseOf({ headers }: HttpResponse): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.max(shortestPauseMs, seconds * 1000) : pollEveryMs
}

function succeeded(response: HttpResponse): HttpResponse {
  const { status, statusText, text } = response
  if (status >= 200 && status <= 299) return response
  throw serviceFailure(
    '2108',
    `Invoking Web Activity failed with HttpStatusCode - '${status} : ${statusText}', message - '${text}'`,
  )
}

/** Refuses what is no address of the web. */
export function addressOf(url: string, invocation: ActivityInvocation): string {
  const address = URL.parse(url)
  if (address !== null && /^https?:$/.test(address.protocol)) return url
  throw new DefinitionError(
    `activity "${invocation.name}" has url ${JSON.stringify(url)}; it must be an http:// or https:// address`,
  )
}

/** The body as an object, to which more is added. */
export function objectBody(
  body: JsonValue | undefined,
  invocation: ActivityInvocation,
  why: string,
): JsonObject {
  const value = typeof body === 'string' ? parsed(body) : (body ?? {})
  if (isJsonObject(value)) return value
  throw new DefinitionError(
    `activity "${invocation.name}" ${why}, so its body must be a JSON object; it is ${JSON.stringify(body)}`,
  )
}

function locationIn(cursor: JsonValue): string | null {
  return isJsonObject(cursor) && typeof cursor['location'] === 'string' ? cursor['location'] : null
}

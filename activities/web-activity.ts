import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { webActivityProperties } from '../adf/activity/web-activity.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'
import { authenticate, type Credentials } from '../stores/http/authentication.ts'
import { type HttpResponse, sendRequest } from '../stores/http/request.ts'
import type { ActivityContext, ActivityFunction } from './activity.ts'
import { parseProperties } from './properties.ts'
import { bodyOf, headersOf, isJsonObject, parsed, requestId, serviceFailure } from './web/call.ts'

type Properties = z.output<typeof webActivityProperties>

const defaultTimeoutMs = 60_000
const pollEveryMs = 10_000
const shortestPauseMs = 100

/**
 * Calls an endpoint. A JSON object that it answers is the output itself, anything else stands under `Response`; the response's headers under
 * `ADFWebActivityResponseHeaders`. 202 with a Location is polled until it is something else. The Location is kept as the attempt's
 * cursor: a worker that takes over polls on and does not call again.
 */
export const webActivity: ActivityFunction = async (invocation, context, { secrets, settings }) => {
  const properties = parseProperties(webActivityProperties, invocation)
  const { disableCertValidation, turnOffAsync } = properties
  const { signal } = context
  const credentials = await authenticate(properties.authentication ?? null, {
    secrets,
    authority: settings.entraAuthority,
    disableCertValidation,
    signal,
  })
  try {
    const pending = locationIn(context.cursor)
    let response = pending === null ? await call(properties, invocation, credentials, context) : null
    let location = response === null ? pending : polledLocation(response, properties)
    while (!turnOffAsync && location !== null) {
      context.checkpoint({ location })
      if (response !== null) await sleep(pauseOf(response), undefined, { signal })
      response = await poll(location, properties, credentials, context)
      location = response.status === 202 ? (polledLocation(response, properties) ?? location) : null
    }
    if (response === null) throw new TypeError('A web call ended without a response')
    return outputOf(response)
  } finally {
    await credentials.agent?.close()
  }
}

function call(
  properties: Properties,
  invocation: ActivityInvocation,
  credentials: Credentials,
  { signal }: ActivityContext,
): Promise<HttpResponse> {
  const given = headersOf(properties.headers, invocation)
  const { body, headers } = bodyOf(withReferences(properties, invocation), given)
  return sendRequest({
    method: properties.method,
    url: addressOf(properties.url, invocation),
    headers: { 'x-ms-client-request-id': requestId(invocation), ...headers, ...credentials.headers },
    body: properties.method === 'GET' ? null : body,
    timeoutMs: properties.httpRequestTimeout ?? defaultTimeoutMs,
    signal,
    dispatcher: credentials.agent,
  })
}

/** Credentials go only where the user's own request went: a Location may lead elsewhere. */
function poll(
  location: string,
  properties: Properties,
  credentials: Credentials,
  { signal }: ActivityContext,
): Promise<HttpResponse> {
  const sameOrigin = new URL(location).origin === new URL(properties.url).origin
  return sendRequest({
    method: 'GET',
    url: location,
    headers: sameOrigin ? credentials.headers : {},
    body: null,
    timeoutMs: properties.httpRequestTimeout ?? defaultTimeoutMs,
    signal,
    dispatcher: credentials.agent,
  })
}

function polledLocation(response: HttpResponse, { url }: Properties): string | null {
  const location = response.headers['location']
  return response.status === 202 && location !== undefined ? new URL(location, url).href : null
}

function pauseOf({ headers }: HttpResponse): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) ? Math.max(shortestPauseMs, seconds * 1000) : pollEveryMs
}

function outputOf(response: HttpResponse): JsonObject {
  const { status, statusText, text, headers } = response
  if (status < 200 || status > 299)
    throw serviceFailure(
      '2108',
      `Invoking Web Activity failed with HttpStatusCode - '${status} : ${statusText}', message - '${text}'`,
    )
  const value = parsed(text)
  const shown = { ADFWebActivityResponseHeaders: { ...headers } }
  if (isJsonObject(value)) return { ...value, ...shown }
  return { Response: Array.isArray(value) ? (value as JsonValue[]) : text, ...shown }
}

/** ADF puts what `datasets` and `linkedServices` name into the body, as resolved. */
function withReferences(properties: Properties, invocation: ActivityInvocation): JsonValue | undefined {
  const { datasets, linkedServices, body } = properties
  if (datasets.length === 0 && linkedServices.length === 0) return body
  const value = typeof body === 'string' ? parsed(body) : (body ?? {})
  if (!isJsonObject(value))
    throw new DefinitionError(
      `activity "${invocation.name}" sends datasets or linked services, so its body must be a JSON object; it is ${JSON.stringify(body)}`,
    )
  const named = <T>(references: readonly { referenceName: string }[], known: Readonly<Record<string, T>>) =>
    references.map(({ referenceName }) => known[referenceName]).filter((one) => one !== undefined)
  const services = named(linkedServices, invocation.linkedServices)
  const sets = named(datasets, invocation.datasets)
  return {
    ...value,
    ...(sets.length > 0 && {
      datasets: sets.map(({ name, type, typeProperties }) => ({
        name,
        properties: { type, typeProperties },
      })),
    }),
    ...(services.length > 0 && {
      linkedServices: services.map(({ name, type, typeProperties }) => ({
        name,
        properties: { type, typeProperties },
      })),
    }),
  }
}

export function addressOf(url: string, invocation: ActivityInvocation): string {
  const address = URL.parse(url)
  if (address !== null && /^https?:$/.test(address.protocol)) return url
  throw new DefinitionError(
    `activity "${invocation.name}" has url ${JSON.stringify(url)}; it must be an http:// or https:// address`,
  )
}

function locationIn(cursor: JsonValue): string | null {
  return isJsonObject(cursor) && typeof cursor['location'] === 'string' ? cursor['location'] : null
}

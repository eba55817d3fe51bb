import type { z } from 'zod'
import { webActivityProperties } from '../adf/activity/web-activity.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'
import type { HttpResponse } from '../stores/http/request.ts'
import type { ActivityFunction } from './activity.ts'
import { parseProperties } from './properties.ts'
import { isJsonObject, parsed } from './web/call.ts'
import { callEndpoint, objectBody } from './web/endpoint.ts'

type Properties = z.output<typeof webActivityProperties>

const defaultTimeoutMs = 60_000

/**
 * Calls an endpoint. A JSON object that it answers is the output itself, anything else stands under `Response`; the response's headers
 * stand under `ADFWebActivityResponseHeaders`.
 */
export const webActivity: ActivityFunction = async (invocation, context, dependencies) => {
  const properties = parseProperties(webActivityProperties, invocation)
  const { method, url, headers, authentication, disableCertValidation, turnOffAsync } = properties
  const response = await callEndpoint(
    {
      method,
      url,
      headers,
      body: withReferences(properties, invocation),
      authentication: authentication ?? null,
      disableCertValidation,
      timeoutMs: properties.httpRequestTimeout ?? defaultTimeoutMs,
      followLocation: !turnOffAsync,
    },
    invocation,
    context,
    dependencies,
  )
  return outputOf(response)
}

function outputOf({ text, headers }: HttpResponse): JsonObject {
  const value = parsed(text)
  const shown = { ADFWebActivityResponseHeaders: { ...headers } }
  if (isJsonObject(value)) return { ...value, ...shown }
  return { Response: Array.isArray(value) ? (value as JsonValue[]) : text, ...shown }
}

/** ADF puts what `datasets` and `linkedServices` name into the body, as resolved. */
function withReferences(properties: Properties, invocation: ActivityInvocation): JsonValue | undefined {
  const { datasets, linkedServices, body } = properties
  if (datasets.length === 0 && linkedServices.length === 0) return body
  const named = <T>(references: readonly { referenceName: string }[], known: Readonly<Record<string, T>>) =>
    references.map(({ referenceName }) => known[referenceName]).filter((one) => one !== undefined)
  const shown = <T extends { name: string; type: string; typeProperties: JsonObject }>(all: readonly T[]) =>
    all.map(({ name, type, typeProperties }) => ({ name, properties: { type, typeProperties } }))
  const services = shown(named(linkedServices, invocation.linkedServices))
  const sets = shown(named(datasets, invocation.datasets))
  return {
    ...objectBody(body, invocation, 'sends datasets or linked services'),
    ...(sets.length > 0 && { datasets: sets }),
    ...(services.length > 0 && { linkedServices: services }),
  }
}

import { webHookProperties } from '../adf/activity/web-hook.ts'
import type { ActivityFunction } from './activity.ts'
import { parseProperties } from './properties.ts'
import { callEndpoint, objectBody } from './web/endpoint.ts'

/** As long as ADF waits for the response itself; the callback may come much later. */
const responseTimeoutMs = 60_000

/** Calls the endpoint with `callBackUri` in the body. Waiting for the callback is the workflow's. */
export const webHook: ActivityFunction = async (invocation, context, dependencies) => {
  const { method, url, headers, body, authentication, disableCertValidation } = parseProperties(
    webHookProperties,
    invocation,
  )
  const { callback } = invocation
  const { callbackUrl } = dependencies.settings
  if (callback === undefined || callbackUrl === null)
    throw new Error('This worker takes no callbacks: it was started without a callback server')
  const callBackUri = `${callbackUrl}/callbacks/${encodeURIComponent(callback.workflowId)}/${callback.token}`
  const { status } = await callEndpoint(
    {
      method,
      url,
      headers,
      body: { ...objectBody(body, invocation, 'sends its callBackUri'), callBackUri },
      authentication: authentication ?? null,
      disableCertValidation,
      timeoutMs: responseTimeoutMs,
      followLocation: true,
    },
    invocation,
    context,
    dependencies,
  )
  return { callBackUri, status }
}

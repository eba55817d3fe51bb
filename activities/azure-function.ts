import { azureFunctionProperties } from '../adf/activity/azure-function.ts'
import { DefinitionError } from '../adf/errors.ts'
import { sendRequest } from '../stores/http/request.ts'
import type { ActivityFunction } from './activity.ts'
import { parseProperties } from './properties.ts'
import { bodyOf, headersOf, isJsonObject, parsed, requestId, serviceFailure } from './web/call.ts'
import { addressOf } from './web/endpoint.ts'

/** As long as Azure's own front end waits for a function. */
const timeoutMs = 230_000

/** Calls a function; the JSON object that it answers is the output. Error codes are those of ADF's troubleshooting guide. */
export const azureFunction: ActivityFunction = async (invocation, { signal }, { secrets }) => {
  const { method, functionName, headers, body } = parseProperties(azureFunctionProperties, invocation)
  const { linkedService } = invocation
  if (linkedService === null)
    throw new DefinitionError(
      `activity "${invocation.name}" needs linkedServiceName: the AzureFunction linked service that it calls`,
    )
  const { functionAppUrl, functionKey, authentication } = linkedService.typeProperties
  const place = `linked service '${linkedService.name}'`
  if (typeof functionAppUrl !== 'string')
    throw new DefinitionError(`${place} has no functionAppUrl: the address of the function app`)
  if (typeof authentication === 'string' && authentication.toLowerCase() !== 'anonymous')
    throw new DefinitionError(
      `${place} has authentication ${authentication}: this machine has no managed identity; use Anonymous with a functionKey`,
    )
  const key = functionKey === undefined ? null : await secrets.text(functionKey, `functionKey of ${place}`)
  const sent = bodyOf(body, headersOf(headers, invocation))
  const url = `${functionAppUrl.replace(/\/+$/, '')}/api/${functionName.replace(/^\/+/, '')}`
  const response = await sendRequest({
    method,
    url: addressOf(url, invocation),
    headers: {
      'x-ms-client-request-id': requestId(invocation),
      ...sent.headers,
      ...(key !== null && { 'x-functions-key': key }),
    },
    body: method === 'GET' || method === 'HEAD' ? null : sent.body,
    timeoutMs,
    signal,
    dispatcher: null,
  })
  if (response.status < 200 || response.status > 299)
    throw serviceFailure(
      '3608',
      `Call to provided Azure function '${functionName}' failed with status-'${response.status}' and message - '${response.text}'.`,
    )
  const value = parsed(response.text)
  if (!isJsonObject(value))
    throw serviceFailure('3603', `Response Content is not a valid JObject: ${response.text.slice(0, 200)}`)
  return value
}

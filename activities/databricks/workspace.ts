import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ActivityInvocation, ResolvedLinkedService } from '../../adf/run/run.ts'
import { sendRequest } from '../../stores/http/request.ts'
import type { Secrets } from '../../stores/secrets.ts'
import { isJsonObject, parsed, serviceFailure } from '../web/call.ts'

const timeoutMs = 60_000

/** The Jobs API 2.1 of one workspace. */
export interface Workspace {
  readonly service: ResolvedLinkedService
  get(path: string, query: Readonly<Record<string, string>>): Promise<JsonObject>
  post(path: string, body: JsonObject): Promise<JsonObject>
}

/** Workspace of the activity's linked service. What the API refuses (400, 403, 404) is a failure with its message; 429 and 5xx are tried again. */
export async function openWorkspace(
  invocation: ActivityInvocation,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<Workspace> {
  const { linkedService: service } = invocation
  if (service === null)
    throw new DefinitionError(
      `activity "${invocation.name}" needs linkedServiceName: the AzureDatabricks workspace that it runs on`,
    )
  const { domain, accessToken, authentication } = service.typeProperties
  const place = `linked service '${service.name}'`
  if (typeof domain !== 'string' || !/^https?:\/\//.test(domain))
    throw new DefinitionError(`${place} needs domain: the https:// address of the workspace`)
  if (accessToken === undefined)
    throw new DefinitionError(
      `${place} has no accessToken${typeof authentication === 'string' ? ` but authentication ${authentication}` : ''}: this machine has no managed identity; give a token by a secret of a vault`,
    )
  const token = await secrets.text(accessToken, `accessToken of ${place}`)
  const send = (method: string, path: string, body: JsonValue | null) =>
    request(`${domain.replace(/\/+$/, '')}/api/2.1/${path}`, method, token, body, signal)
  return {
    service,
    get: (path, query) => send('GET', `${path}?${new URLSearchParams(query).toString()}`, null),
    post: (path, body) => send('POST', path, body),
  }
}

async function request(
  url: string,
  method: string,
  token: string,
  body: JsonValue | null,
  signal: AbortSignal,
): Promise<JsonObject> {
  const response = await sendRequest({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === null ? null : JSON.stringify(body),
    timeoutMs,
    signal,
    dispatcher: null,
  })
  const value = parsed(response.text)
  if (response.status === 200 && isJsonObject(value)) return value
  const said = isJsonObject(value) && typeof value['message'] === 'string' ? value['message'] : response.text
  const message = `Databricks answered ${response.status} to ${method} ${new URL(url).pathname}: ${said.slice(0, 1000)}`
  if (response.status === 429 || response.status >= 500) throw new UnsteadyWorkspace(message)
  throw serviceFailure('3200', message)
}

/** The workspace cannot answer now and may soon. */
export class UnsteadyWorkspace extends Error {
  override readonly name = 'UnsteadyWorkspace'
}

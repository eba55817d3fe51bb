import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ResolvedLinkedService } from '../../adf/run/run.ts'
import type { Secrets } from '../secrets.ts'
import { authenticate } from './authentication.ts'
import { type HttpResponse, type OpenResponse, openResponse, sendRequest } from './request.ts'

/** A request to an HTTP or REST linked service; `address` is relative to its url, or absolute. */
export interface ServiceRequest {
  readonly method: string
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What a RestService or HttpServer linked service leads to. */
export interface HttpService {
  readonly name: string
  /** Absolute address of something that is given relative to the service. */
  address(relative: string): string
  /** Sends with the service's own credentials, to its own origin only. Throws NoResponse; a status is never an error here. */
  send(request: ServiceRequest): Promise<HttpResponse>
  /** The same for a body that is streamed; it has to be read or destroyed. */
  open(request: ServiceRequest): Promise<OpenResponse>
}

export interface HttpContext {
  readonly secrets: Secrets
  readonly authority: string
}

/** ADF's spelling of `authenticationType` → the words of an activity's `authentication`. */
const authenticationTypes: Readonly<Record<string, (given: JsonObject) => JsonObject>> = {
  anonymous: () => ({ type: 'Anonymous' }),
  basic: (given) => ({
    type: 'Basic',
    username: given['userName'] ?? null,
    password: given['password'] ?? null,
  }),
  clientcertificate: (given) => ({
    type: 'ClientCertificate',
    pfx: given['embeddedCertData'] ?? null,
    password: given['password'] ?? '',
  }),
  aadserviceprincipal: (given) => ({
    type: 'ServicePrincipal',
    tenant: given['tenant'] ?? null,
    servicePrincipalId: given['servicePrincipalId'] ?? null,
    servicePrincipalKey: given['servicePrincipalKey'] ?? null,
    resource: given['aadResourceId'] ?? null,
  }),
}

export function httpService(service: ResolvedLinkedService, context: HttpContext): HttpService {
  const given = service.typeProperties
  const base = baseOf(service)
  const disableCertValidation = given['enableServerCertificateValidation'] === false
  const prepare = async ({ address, headers, ...rest }: ServiceRequest) => {
    const url = addressOf(base, address)
    const own = new URL(url).origin === new URL(base).origin
    const { agent, headers: credentials } = await authenticate(own ? authenticationOf(service) : null, {
      ...context,
      disableCertValidation,
      signal: rest.signal,
    })
    const always = own ? await authHeaders(given['authHeaders'], context.secrets) : {}
    return {
      agent,
      prepared: { ...rest, url, headers: { ...always, ...headers, ...credentials }, dispatcher: agent },
    }
  }
  return {
    name: service.name,
    address: (relative) => addressOf(base, relative),
    async send(request) {
      const { prepared, agent } = await prepare(request)
      try {
        return await sendRequest(prepared)
      } finally {
        await agent?.close()
      }
    },
    async open(request) {
      const { prepared, agent } = await prepare(request)
      const response = await openResponse(prepared)
      if (agent !== null) response.body.once('close', () => void agent.destroy())
      return response
    },
  }
}

function baseOf(service: ResolvedLinkedService): string {
  const { url } = service.typeProperties
  if (typeof url === 'string' && /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  throw new DefinitionError(
    `Linked service '${service.name}' has url ${JSON.stringify(url ?? null)}; it must be an http:// or https:// address`,
  )
}

/** As ADF joins them: text after text with one slash between, so that a path of the base stays. */
function addressOf(base: string, relative: string): string {
  if (/^https?:\/\//i.test(relative)) return relative
  if (relative === '') return base
  if (relative.startsWith('?')) return base + relative
  return `${base.replace(/\/+$/, '')}/${relative.replace(/^\/+/, '')}`
}

function authenticationOf(service: ResolvedLinkedService): JsonObject {
  const type = service.typeProperties['authenticationType'] ?? 'Anonymous'
  const make = typeof type === 'string' ? authenticationTypes[type.toLowerCase()] : undefined
  if (make !== undefined) return make(service.typeProperties)
  throw new DefinitionError(
    `Linked service '${service.name}' has authenticationType ${JSON.stringify(type)}, which does not run here; it may be: Anonymous, Basic, ClientCertificate, AadServicePrincipal`,
  )
}

async function authHeaders(given: JsonValue | undefined, secrets: Secrets): Promise<Record<string, string>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {}
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given))
    headers[name] = await secrets.text(value, `authHeaders.${name}`)
  return headers
}

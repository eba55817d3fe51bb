import type { Agent } from 'undici'
import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { Secrets } from '../secrets.ts'
import { agentFor, sendRequest } from './request.ts'

/** What makes a request the caller's own. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  /** To be closed by the caller; null: the common one. */
  readonly agent: Agent | null
}

export interface AuthenticationContext {
  readonly secrets: Secrets
  /** Base address of Microsoft Entra, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string
  readonly disableCertValidation: boolean
  readonly signal: AbortSignal
}

const tokenTimeoutMs = 60_000

/**
 * Turns ADF's `authentication` object into headers and certificates: Basic, ClientCertificate, ServicePrincipal. Managed identities are Azure's own:
 * a DefinitionError says what to use instead.
 */
export async function authenticate(
  given: JsonObject | null,
  context: AuthenticationContext,
): Promise<Credentials> {
  const { disableCertValidation } = context
  const plain = disableCertValidation ? agentFor({ disableCertValidation }) : null
  const type = given?.['type'] ?? 'Anonymous'
  switch (typeof type === 'string' ? type.toLowerCase() : null) {
    case 'anonymous':
      return { headers: {}, agent: plain }
    case 'basic':
      return { headers: { authorization: await basic(given ?? {}, context) }, agent: plain }
    case 'clientcertificate':
      return { headers: {}, agent: await withCertificate(given ?? {}, context) }
    case 'serviceprincipal':
      return {
        headers: { authorization: `Bearer ${await servicePrincipalToken(given ?? {}, context)}` },
        agent: plain,
      }
    case 'msi':
    case 'userassignedmanagedidentity':
      throw new DefinitionError(
        `authentication.type is ${JSON.stringify(type)}: this machine has no managed identity; use ServicePrincipal with a secret of a vault`,
      )
    default:
      throw new DefinitionError(
        `authentication.type is ${JSON.stringify(type)}; it may be: Anonymous, Basic, ClientCertificate, ServicePrincipal`,
      )
  }
}

async function basic(given: JsonObject, { secrets }: AuthenticationContext): Promise<string> {
  const username = textOf(given['username'], 'authentication.username')
  const password = await secrets.text(given['password'] ?? null, 'authentication.password')
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function withCertificate(
  given: JsonObject,
  { secrets, disableCertValidation }: AuthenticationContext,
): Promise<Agent> {
  const pfx = await secrets.text(given['pfx'] ?? null, 'authentication.pfx')
  const passphrase = await secrets.text(given['password'] ?? '', 'authentication.password')
  return agentFor({ pfx: { bytes: Buffer.from(pfx, 'base64'), passphrase }, disableCertValidation })
}

/** Client credentials of Entra's v1 endpoint: it takes `resource` as ADF has it. */
export async function servicePrincipalToken(
  given: JsonObject,
  { secrets, authority, signal }: AuthenticationContext,
): Promise<string> {
  const tenant = textOf(given['userTenant'] ?? given['tenant'], 'authentication.userTenant')
  const id = textOf(given['username'] ?? given['servicePrincipalId'], 'authentication.username')
  const key = await secrets.text(
    given['password'] ?? given['servicePrincipalKey'] ?? null,
    'authentication.password',
  )
  const resource = textOf(given['resource'], 'authentication.resource')
  const response = await sendRequest({
    method: 'POST',
    url: `${authority}/${encodeURIComponent(tenant)}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: key,
      resource,
    }).toString(),
    timeoutMs: tokenTimeoutMs,
    signal,
    dispatcher: null,
  })
  const token = tokenIn(response.text)
  if (response.status !== 200 || token === null)
    throw new Error(
      `${authority} gave no token for service principal ${id}: ${response.status} ${errorIn(response.text)}`,
    )
  return token
}

function tokenIn(text: string): string | null {
  const token = fieldOf(text, 'access_token')
  return token === '' ? null : token
}

function errorIn(text: string): string | null {
  return fieldOf(text, 'error_description') ?? fieldOf(text, 'error') ?? 'without a reason'
}

function fieldOf(text: string, name: string): string | null {
  try {
    const parsed: unknown = JSON.parse(text)
    const found: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : null
    return typeof found === 'string' ? found : null
  } catch {
    return null
  }
}

function textOf(value: JsonValue | undefined, place: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new DefinitionError(`${place} must be text and is missing or something else`)
}

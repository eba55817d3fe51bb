import type { JsonObject } from '../json.ts'
import { credentialReference } from '../resource/credential.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'
import type { CredentialResource, Factory } from './load-factory.ts'
import { property } from './pipeline-scope.ts'

/** What a service principal is in a linked service of its own. */
const identity = ['tenant', 'servicePrincipalId', 'servicePrincipalKey'] as const

/** The credential that typeProperties of a linked service name; undefined where they name none, or one that is not there. */
export function credentialOf(factory: Factory, typeProperties: JsonObject): CredentialResource | undefined {
  const given = credentialReference.safeParse(property(typeProperties, 'credential'))
  return given.success ? factory.credentials.get(given.data.referenceName.toLowerCase()) : undefined
}

export function isServicePrincipal(credential: CredentialResource): boolean {
  return credential.properties?.type.toLowerCase() === 'serviceprincipal'
}

/** Puts what a ServicePrincipal credential says into the linked service that names it; its own properties stay. */
export function withCredential(
  factory: Factory,
  typeProperties: JsonObject,
  path: Path,
  issues: FileIssues,
): JsonObject {
  const given = credentialReference.safeParse(property(typeProperties, 'credential'))
  if (!given.success) return {}
  const { referenceName } = given.data
  const credential = factory.credentials.get(referenceName.toLowerCase())
  if (credential === undefined) {
    const names = [...factory.credentials.values()].map(({ name }) => name)
    issues.report(
      [...path, 'credential', 'referenceName'],
      unknownName(referenceName, 'a credential', 'credentials', names),
      'warning',
    )
    return {}
  }
  if (!isServicePrincipal(credential)) return {}
  const said = credential.properties?.typeProperties ?? {}
  return Object.fromEntries(
    identity.flatMap((name) => {
      const value = property(said, name)
      return value === undefined || property(typeProperties, name) !== undefined ? [] : [[name, value]]
    }),
  )
}

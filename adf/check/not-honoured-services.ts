import type { JsonObject, JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { accountProperties, linkedServiceTypes } from '../resource/linked-service-types.ts'
import type { Path } from '../text/positions.ts'
import { textOf } from './activity-tree.ts'
import type { NotHonoured } from './not-honoured.ts'
import { asObject } from './not-honoured.ts'
import { unusedProperties } from './unused-properties.ts'

const base: Path = ['properties', 'typeProperties']

/**
 * Of a linked service that a pipeline reaches. `replaced` are lower-case names of properties that an environment of factory.yaml gives: what is
 * written in their place does not count; `runtimes` are integration runtimes that it maps; `hasPrincipal`: the credential is a service principal.
 */
export function* notHonouredInLinkedService(
  raw: JsonObject,
  replaced: ReadonlySet<string> = new Set(),
  runtimes: readonly string[] = [],
  hasPrincipal = false,
): Generator<NotHonoured> {
  const type = textOf(property(raw, 'type'))
  const known = Object.entries(linkedServiceTypes).find(([name]) => name.toLowerCase() === type.toLowerCase())
  const all = asObject(raw, 'typeProperties')
  const given = Object.fromEntries(Object.entries(all).filter(([key]) => !replaced.has(key.toLowerCase())))
  if (known === undefined && type !== '')
    yield {
      id: 'linked-service-type',
      level: 'unsupported',
      path: ['properties', 'type'],
      message: `${show(type)} is no linked service that anything here uses; they are: ${Object.keys(linkedServiceTypes).join(', ')}`,
    }
  if (known !== undefined) {
    for (const one of unusedProperties(given, known[1], base)) if (!isIdentity(one.path)) yield one
    yield* standIn(known[0], given)
    yield* withoutIdentity(known[0], given, replaced)
  }
  const runtime = textOf(property(asObject(raw, 'connectVia'), 'referenceName'))
  if (runtime !== '' && !runtimes.some((one) => one.toLowerCase() === runtime.toLowerCase()))
    yield {
      id: 'integration-runtime',
      level: 'note',
      path: ['properties', 'connectVia'],
      message: `${show(runtime)} is not mapped to a task queue by integrationRuntimes of factory.yaml: every worker takes its activities, and must reach what this connects to`,
    }
  for (const one of secretsIn(given, base)) if (!(hasPrincipal && one.id === 'credential')) yield one
}

/** Told by themselves. */
function isIdentity(path: Path): boolean {
  return /^(credential|encryptedCredential)$/i.test(String(path.at(-1)))
}

const databases = ['AzureSqlDatabase', 'AzureSqlDW', 'AzureSqlMI', 'SqlServer']

/** What runs on folders and files of this installation in place of the account or server that is named. */
function* standIn(type: string, given: JsonObject): Generator<NotHonoured> {
  const isDatabase = databases.includes(type)
  const name = [...accountProperties, 'server'].find((one) => {
    const value = property(given, one)
    return value !== undefined && value !== null && value !== ''
  })
  const isAccount = (type === 'AzureBlobFS' || type === 'AzureBlobStorage') && name !== undefined
  if (type === 'AzureDatabricksDeltaLake')
    yield {
      id: 'stand-in',
      level: 'review',
      path: base,
      message:
        "is not reached: the Delta tables of this installation's lake stand in for those of the workspace",
    }
  if (!isDatabase && !isAccount && type !== 'AzureFileStorage') return
  yield {
    id: 'stand-in',
    level: 'review',
    path: name === undefined ? base : [...base, name],
    message: isDatabase
      ? 'is not reached: a SQLite file of this installation stands in for the database, stores/<linked service>/<database>.db in the home'
      : 'is not reached: a folder of this installation stands in for the account, stores/<linked service> in the home',
  }
}

/** Ways to prove who one is that only Azure has. */
function* withoutIdentity(
  type: string,
  given: JsonObject,
  replaced: ReadonlySet<string>,
): Generator<NotHonoured> {
  const refused = (key: string, allowed: readonly string[]): NotHonoured[] => {
    const value = property(given, key)
    if (typeof value !== 'string' || /^@|@\{/.test(value)) return []
    if (allowed.some((one) => one.toLowerCase() === value.toLowerCase())) return []
    return [
      {
        id: 'authentication',
        level: 'unsupported',
        path: [...base, key],
        message: `${show(value)} does not run here: this machine has no identity in Azure; it may be ${allowed.join(', ')}`,
      },
    ]
  }
  if (type === 'HttpServer' || type === 'RestService')
    yield* refused('authenticationType', ['Anonymous', 'Basic', 'ClientCertificate', 'AadServicePrincipal'])
  if (type === 'AzureFunction') yield* refused('authentication', ['Anonymous'])
  if (
    type === 'AzureDatabricks' &&
    property(given, 'accessToken') === undefined &&
    !replaced.has('accesstoken')
  )
    yield {
      id: 'authentication',
      level: 'unsupported',
      path: base,
      message:
        'has no accessToken: this machine has no managed identity; give a token by a secret of a vault',
    }
}

function* secretsIn(value: JsonValue, path: Path): Generator<NotHonoured> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* secretsIn(item, [...path, index])
    return
  }
  if (!isObject(value)) return
  if (property(value, 'type') === 'AzureKeyVaultSecret') yield* vaultSecret(value, path)
  for (const [key, inner] of Object.entries(value)) {
    if (/^encryptedCredential$/i.test(key))
      yield {
        id: 'encrypted-credential',
        level: 'review',
        path: [...path, key],
        message: 'can be read by Azure only; give the credential itself to the installation',
      }
    else if (/^credential$/i.test(key))
      yield {
        id: 'credential',
        level: 'review',
        path: [...path, key],
        message:
          'is an identity of Azure that this machine does not have; a ServicePrincipal credential in credential/ works',
      }
    else yield* secretsIn(inner, [...path, key])
  }
}

function* vaultSecret(value: JsonObject, path: Path): Generator<NotHonoured> {
  const vault = textOf(property(asObject(value, 'store'), 'referenceName'))
  const name = textOf(property(value, 'secretName'))
  yield {
    id: 'key-vault',
    level: 'note',
    path,
    message: `is read from the file secrets/${vault}/${name} in the home, else from the variable HEADRACE_SECRET_${name.toUpperCase().replaceAll('-', '_')}`,
  }
  if (textOf(property(value, 'secretVersion')) !== '')
    yield {
      id: 'secret-version',
      level: 'unsupported',
      path: [...path, 'secretVersion'],
      message: 'cannot be asked for: secrets of this machine have no versions; leave it out',
    }
}

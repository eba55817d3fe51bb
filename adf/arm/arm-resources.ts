import type { JsonObject, JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { TextProblem } from '../text/parse-text.ts'
import type { ArmScope } from './arm-expression.ts'
import { ArmProblem, decodeText } from './arm-expression.ts'
import { armScope, section } from './arm-parameters.ts'

/** A resource of a factory as a template holds it. */
export interface ArmResource {
  /** Folder of ADF's git layout; `factory` for the factory itself and its global parameters. */
  readonly folder: string
  readonly name: string
  readonly properties: JsonObject
  /** Of the resource in the template. */
  readonly path: Path
  /** What could not be decoded, with paths inside the resource. */
  readonly problems: readonly TextProblem[]
  readonly isGlobalParameters: boolean
}

/** Kind in a template → folder of the git layout; `*` is the name of the resource around it. */
const folders: Readonly<Record<string, string>> = {
  '': 'factory',
  globalparameters: 'factory',
  pipelines: 'pipeline',
  datasets: 'dataset',
  linkedservices: 'linkedService',
  triggers: 'trigger',
  dataflows: 'dataflow',
  integrationruntimes: 'integrationRuntime',
  credentials: 'credential',
  managedvirtualnetworks: 'managedVirtualNetwork',
  'managedvirtualnetworks/managedprivateendpoints': 'managedVirtualNetwork/*/managedPrivateEndpoint',
  adfcdcs: 'changeDataCapture',
}

/** Versions that write factories and workspaces as 2018-06-01 does. Those before 2017 are of Data Factory v1, another language. */
const apiVersions: ReadonlySet<string> = new Set([
  '2018-06-01',
  '2017-09-01-preview',
  '2019-06-01-preview',
  '2020-12-01',
  '2021-03-01',
  '2021-06-01',
  '2021-06-01-preview',
])

const owners = /^microsoft\.(?:datafactory\/factories|synapse\/workspaces)(?:\/|$)/i

/** Walks a template's resources, nested ones and templates inside deployments included. `report` takes what belongs to no resource. */
export function* armResources(
  template: JsonObject,
  given: JsonObject,
  factoryName: string,
  report: (path: Path, message: string, severity: 'error' | 'warning') => void,
  base: Path = [],
): Generator<ArmResource> {
  const scope = armScope(template, given, factoryName)
  const waiting = listed(property(template, 'resources'), [...base, 'resources']).map((one) => ({
    ...one,
    inside: false,
  }))
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const { resource, path, inside } = one
    const written = property(resource, 'type')
    const type = typeof written === 'string' ? written : ''
    if (isLeftOut(resource, scope)) continue
    if (/^microsoft\.resources\/deployments$/i.test(type)) {
      const inner = property(section(resource, 'properties'), 'template')
      // A deployment by link is one of the files in linkedTemplates/, which are read as they lie there.
      if (isObject(inner))
        yield* armResources(inner, handedOver(resource, scope), factoryName, report, [
          ...path,
          'properties',
          'template',
        ])
      continue
    }
    const kind = inside && !/^microsoft\./i.test(type) ? type : type.replace(owners, '')
    const folder = folders[kind.toLowerCase()]
    if (type === '' || folder === undefined) {
      report(
        [...path, 'type'],
        `${show(written ?? null)} is no resource of a factory that is known here; it is left out`,
        'warning',
      )
      continue
    }
    const version = property(resource, 'apiVersion')
    if (typeof version === 'string' && !version.startsWith('[') && !apiVersions.has(version.toLowerCase()))
      report(
        [...path, 'apiVersion'],
        `${show(version)} is no version of the API that is known here; it is read as 2018-06-01; known are: ${[...apiVersions].join(', ')}`,
        version < '2017' ? 'error' : 'warning',
      )
    if (property(resource, 'copy') !== undefined)
      report([...path, 'copy'], 'makes several resources of one, which is not done here', 'error')
    const decoded = decodeResource(resource, scope)
    yield {
      ...decoded,
      folder: folder.replace('*', decoded.around),
      path,
      isGlobalParameters: kind.toLowerCase() === 'globalparameters',
    }
    const nested = listed(property(resource, 'resources'), [...path, 'resources'])
    waiting.push(...nested.map((child) => ({ ...child, inside: true })))
  }
}

function listed(value: JsonValue | undefined, path: Path): { resource: JsonObject; path: Path }[] {
  // Templates of languageVersion 2.0 hold a map of names to resources.
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : []
  return entries.flatMap(([key, resource]) =>
    isObject(resource) ? [{ resource, path: [...path, key] }] : [],
  )
}

function isLeftOut(resource: JsonObject, scope: ArmScope): boolean {
  const condition = property(resource, 'condition')
  if (condition === false) return true
  if (typeof condition !== 'string') return false
  try {
    return decodeText(condition, scope) === false
  } catch {
    return false
  }
}

/** Parameters that a deployment gives to the template inside it. */
function handedOver(deployment: JsonObject, scope: ArmScope): JsonObject {
  const given = section(section(deployment, 'properties'), 'parameters')
  return Object.fromEntries(
    Object.entries(given).map(([name, one]) => {
      const problems: TextProblem[] = []
      return [name, decode(one, [], scope, problems)]
    }),
  )
}

function decodeResource(resource: JsonObject, scope: ArmScope) {
  const problems: TextProblem[] = []
  const named = decode(property(resource, 'name') ?? '', ['name'], scope, problems)
  const parts = typeof named === 'string' ? named.split('/') : []
  const name = parts.at(-1) ?? ''
  if (name === '')
    problems.push({
      path: ['name'],
      line: null,
      message: `must be a name; it is ${show(named)}`,
      severity: 'error',
    })
  const properties = decode(section(resource, 'properties'), ['properties'], scope, problems)
  return {
    name,
    properties: isObject(properties) ? properties : {},
    problems,
    around: parts.at(-2) ?? 'default',
  }
}

/** Decodes a value; what cannot be is reported and stands as it is written. */
function decode(value: JsonValue, path: Path, scope: ArmScope, problems: TextProblem[]): JsonValue {
  if (typeof value === 'string') {
    try {
      return decodeText(value, scope)
    } catch (error) {
      if (!(error instanceof ArmProblem)) throw error
      problems.push({ path, line: null, message: error.message, severity: error.severity })
      return error.instead ?? value
    }
  }
  if (Array.isArray(value)) return value.map((item, index) => decode(item, [...path, index], scope, problems))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, decode(inner, [...path, key], scope, problems)]),
  )
}

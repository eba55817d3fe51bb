import type { z } from 'zod'
import type { datasetReference, linkedServiceReference } from '../activity/references.ts'
import { linkedServiceTypes } from '../resource/linked-service-types.ts'
import { isObject } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { checkArguments, holdsExpression, plannedParameters } from './arguments.ts'
import { checkExpressions } from './check-expressions.ts'
import { withCredential } from './resolve-credential.ts'
import type { FileIssues } from './file-issues.ts'
import type { Factory } from './load-factory.ts'
import type {
  DatasetReference,
  LinkedServiceReference,
  PlannedDataset,
  PlannedLinkedService,
} from './plan.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { namesOf } from './pipeline-scope.ts'

type Used = PipelineScope['used']
type GivenDataset = z.output<typeof datasetReference>
type GivenLinkedService = z.output<typeof linkedServiceReference>

/** Finds the dataset that is named; null (and reported) where there is none. */
export function resolveDatasetReference(
  given: GivenDataset,
  path: Path,
  factory: Factory,
  used: Used,
  issues: FileIssues,
): DatasetReference | null {
  const dataset = factory.datasets.get(given.referenceName.toLowerCase())
  if (dataset === undefined) {
    const names = [...factory.datasets.values()].map((one) => one.name)
    issues.report(
      [...path, 'referenceName'],
      unknownName(given.referenceName, 'a dataset', 'datasets', names),
    )
    return null
  }
  used.datasets.add(dataset.name)
  const declared = dataset.properties?.parameters
  const parameters =
    declared === undefined
      ? given.parameters
      : checkArguments(given.parameters, declared, [...path, 'parameters'], `dataset ${dataset.name}`, issues)
  return { referenceName: dataset.name, parameters }
}

/** Finds the linked service that is named; null (and reported) where there is none. */
export function resolveLinkedServiceReference(
  given: GivenLinkedService,
  path: Path,
  factory: Factory,
  used: Used,
  issues: FileIssues,
): LinkedServiceReference | null {
  const service = factory.linkedServices.get(given.referenceName.toLowerCase())
  if (service === undefined) {
    const names = [...factory.linkedServices.values()].map((one) => one.name)
    issues.report(
      [...path, 'referenceName'],
      unknownName(given.referenceName, 'a linked service', 'linked services', names),
    )
    return null
  }
  used.linkedServices.add(service.name)
  const declared = service.properties?.parameters
  const parameters =
    declared === undefined
      ? given.parameters
      : checkArguments(
          given.parameters,
          declared,
          [...path, 'parameters'],
          `linked service ${service.name}`,
          issues,
        )
  return { referenceName: service.name, parameters }
}

/** A dataset by its lower-case name, judged into its own file's issues. */
export function resolveDataset(factory: Factory, key: string, used: Used): PlannedDataset | null {
  const dataset = factory.datasets.get(key)
  if (dataset?.properties == null) return null
  const { properties, issues } = dataset
  const readable = { where: 'a dataset', dataset: namesOf(Object.keys(properties.parameters)) }
  const base = ['properties']
  checkExpressions(properties.typeProperties, [...base, 'typeProperties'], readable, issues)
  const servicePath = [...base, 'linkedServiceName']
  checkExpressions(properties.linkedServiceName.parameters, [...servicePath, 'parameters'], readable, issues)
  const parameters = plannedParameters(properties.parameters, [...base, 'parameters'], issues)
  const linkedService = resolveLinkedServiceReference(
    properties.linkedServiceName,
    servicePath,
    factory,
    used,
    issues,
  )
  if (linkedService === null) return null
  return {
    name: dataset.name,
    type: properties.type,
    parameters,
    typeProperties: properties.typeProperties,
    linkedService,
  }
}

/** A linked service by its lower-case name, with what `environment` puts in place of its own properties. */
export function resolveLinkedService(
  factory: Factory,
  key: string,
  environment: string,
): PlannedLinkedService | null {
  const service = factory.linkedServices.get(key)
  if (service?.properties == null) return null
  const { properties, issues } = service
  const path = ['properties', 'typeProperties']
  checkExpressions(
    properties.typeProperties,
    path,
    { where: 'a linked service', linkedService: namesOf(Object.keys(properties.parameters)) },
    issues,
  )
  const parameters = plannedParameters(properties.parameters, ['properties', 'parameters'], issues)
  const runtime = mappedRuntime(factory, properties.connectVia)
  return {
    name: service.name,
    type: properties.type,
    ...(runtime === undefined ? {} : { integrationRuntime: runtime }),
    parameters,
    typeProperties: {
      ...knownProperties(properties.type, properties.typeProperties, path, issues),
      ...withCredential(factory, properties.typeProperties, path, issues),
      ...overrides(factory, environment, key),
    },
  }
}

/** Name of the integration runtime of a linked service as factory.yaml has it; undefined where it maps none. */
function mappedRuntime(factory: Factory, connectVia: JsonValue | undefined): string | undefined {
  const named = isObject(connectVia) ? connectVia['referenceName'] : undefined
  if (typeof named !== 'string') return undefined
  return Object.keys(factory.properties.integrationRuntimes).find(
    (name) => name.toLowerCase() === named.toLowerCase(),
  )
}

function knownProperties(type: string, given: JsonObject, path: Path, issues: FileIssues): JsonObject {
  const schema = Object.entries(linkedServiceTypes).find(
    ([name]) => name.toLowerCase() === type.toLowerCase(),
  )
  if (schema === undefined) return given
  const parsed = schema[1].safeParse(given)
  if (!parsed.success) {
    const evaluated = (at: Path): boolean => {
      const value = at[0] === undefined ? undefined : given[String(at[0])]
      return value !== undefined && holdsExpression(value)
    }
    issues.reportSchema(parsed.error, given, path, (at) => !evaluated(at))
    return given
  }
  const known = isObject(parsed.data) ? parsed.data : given
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

function overrides(factory: Factory, environment: string, key: string): JsonObject {
  const services = factory.properties.environments[environment]?.linkedServices ?? {}
  const found = Object.entries(services).find(([name]) => name.toLowerCase() === key)?.[1]
  return isObject(found) ? found : {}
}

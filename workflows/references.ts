import { evaluate } from '../adf/expression/evaluate.ts'
import type { Environment, Scope } from '../adf/expression/scope.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { DatasetReference, LinkedServiceReference, Plan } from '../adf/plan/plan.ts'
import type { ActivityInvocation, ResolvedDataset, ResolvedLinkedService } from '../adf/run/run.ts'
import { requireObject } from '../engine/evaluated.ts'
import { bindParameters } from '../engine/parameters.ts'

/** Turns references to datasets and linked services into what they say for these parameters. Parameters are evaluated already. */
export function resolveDataset(
  plan: Plan,
  reference: DatasetReference,
  environment: Environment,
): ResolvedDataset {
  const dataset = plan.datasets[reference.referenceName]
  if (dataset === undefined) throw unknown('dataset', reference.referenceName, Object.keys(plan.datasets))
  const parameters = bindParameters(dataset.parameters, reference.parameters, `dataset '${dataset.name}'`)
  const scope: Scope = { dataset: parameters, globalParameters: plan.globalParameters }
  const linked = {
    referenceName: dataset.linkedService.referenceName,
    parameters: requireObject(evaluate(dataset.linkedService.parameters, scope, environment)),
  }
  return {
    name: dataset.name,
    type: dataset.type,
    typeProperties: requireObject(evaluate(dataset.typeProperties, scope, environment)),
    linkedService: resolveLinkedService(plan, linked, environment),
  }
}

export function resolveLinkedService(
  plan: Plan,
  reference: LinkedServiceReference,
  environment: Environment,
): ResolvedLinkedService {
  const service = plan.linkedServices[reference.referenceName]
  if (service === undefined)
    throw unknown('linked service', reference.referenceName, Object.keys(plan.linkedServices))
  const parameters = bindParameters(
    service.parameters,
    reference.parameters,
    `linked service '${service.name}'`,
  )
  const scope: Scope = { linkedService: parameters, globalParameters: plan.globalParameters }
  return {
    name: service.name,
    type: service.type,
    typeProperties: requireObject(evaluate(service.typeProperties, scope, environment)),
  }
}

/** The datasets and linked services that evaluated typeProperties refer to, wherever it stands, by the name that is referred to. */
export function resolveReferencesIn(
  plan: Plan,
  typeProperties: JsonObject,
  environment: Environment,
): Pick<ActivityInvocation, 'datasets' | 'linkedServices'> {
  const datasets: Record<string, ResolvedDataset> = {}
  const linkedServices: Record<string, ResolvedLinkedService> = {}
  for (const { kind, reference } of referencesIn(typeProperties)) {
    const { referenceName } = reference
    if (kind === 'DatasetReference') datasets[referenceName] = resolveDataset(plan, reference, environment)
    else linkedServices[referenceName] = resolveLinkedService(plan, reference, environment)
  }
  return { datasets, linkedServices }
}

function* referencesIn(value: JsonValue): Generator<{ kind: string; reference: DatasetReference }> {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) yield* referencesIn(item)
    return
  }
  const { type, referenceName, parameters } = value
  if ((type === 'DatasetReference' || type === 'LinkedServiceReference') && typeof referenceName === 'string')
    yield { kind: type, reference: { referenceName, parameters: requireObject(parameters ?? {}) } }
  else for (const inner of Object.values(value)) yield* referencesIn(inner)
}

function unknown(kind: string, name: string, known: readonly string[]): DefinitionError {
  return new DefinitionError(
    `The plan has no ${kind} '${name}'; it has: ${known.join(', ') || 'none'}. Start the run with a new plan.`,
  )
}

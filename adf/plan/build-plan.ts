import type { DefinitionIssue } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { unknownName } from '../resource/near-miss.ts'
import { canonicalJson, deepFreeze } from './canonical-json.ts'
import type { FactorySource } from './factory-source.ts'
import type { FileIssues } from './file-issues.ts'
import { plannedGlobalParameters } from './global-parameters.ts'
import type { Factory } from './load-factory.ts'
import { loadFactory } from './load-factory.ts'
import type { Plan, PlannedChain, PlannedDataset, PlannedLinkedService, PlannedPipeline } from './plan.ts'
import { checkCallCycles, resolvePipeline } from './resolve-pipelines.ts'
import { resolveDataset, resolveLinkedService } from './resolve-references.ts'
import { resolveTriggers } from './resolve-triggers.ts'

/** `plan` is null when `issues` holds an error. Issues concern what the pipeline reaches, warnings included. */
export interface PlanResult {
  readonly plan: Plan | null
  readonly issues: readonly DefinitionIssue[]
}

/** SHA-256 of a text's UTF-8, lower-case hex. Handed in: this room has no node built-ins. */
export type Sha256 = (text: string) => string

/**
 * Checks a pipeline with all that it reaches (ExecutePipeline, Started ChainingTriggers, datasets, linked services) and freezes it.
 * Never throws for what a definition says.
 */
export function buildPlan(
  source: FactorySource,
  pipeline: string,
  environment: string,
  sha256: Sha256,
): PlanResult {
  const factory = loadFactory(source)
  const start = factory.pipelines.get(pipeline.toLowerCase())
  if (start === undefined) return { plan: null, issues: [unknownPipeline(factory, pipeline)] }

  const globalParameters = plannedGlobalParameters(factory, environment)
  const { chains, unclear } = resolveTriggers(factory)
  // A chain that cannot be read might be this pipeline's: its run would end without what should follow.
  const touched = new Set<FileIssues>([factory.issues, ...unclear])
  const pipelines: Record<string, PlannedPipeline> = {}
  const reachedChains: PlannedChain[] = []
  const used = {
    datasets: new Set<string>(),
    linkedServices: new Set<string>(),
    pipelines: new Set<string>(),
  }
  const waiting = [start.name]
  const calls = new Map<string, string[]>()
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (calls.has(name)) continue
    const resource = factory.pipelines.get(name.toLowerCase())
    if (resource === undefined) continue
    touched.add(resource.issues)
    const resolved = resolvePipeline(factory, resource)
    if (resolved.planned !== null) pipelines[name] = resolved.planned
    for (const one of resolved.used.datasets) used.datasets.add(one)
    for (const one of resolved.used.linkedServices) used.linkedServices.add(one)
    calls.set(name, [...resolved.used.pipelines])
    waiting.push(...resolved.used.pipelines)
    for (const chain of chains.filter((one) => one.upstream === name)) {
      const trigger = factory.triggers.get(chain.trigger.toLowerCase())
      if (trigger !== undefined) touched.add(trigger.issues)
      reachedChains.push(chain)
      waiting.push(chain.pipeline)
    }
  }
  checkCallCycles(factory, calls)

  const datasets: Record<string, PlannedDataset> = {}
  for (const name of [...used.datasets].sort()) {
    const key = name.toLowerCase()
    const dataset = resolveDataset(factory, key, used)
    const issues = factory.datasets.get(key)?.issues
    if (issues !== undefined) touched.add(issues)
    if (dataset !== null) datasets[name] = dataset
  }
  const linkedServices: Record<string, PlannedLinkedService> = {}
  for (const name of [...used.linkedServices].sort()) {
    const key = name.toLowerCase()
    const service = resolveLinkedService(factory, key, environment)
    const issues = factory.linkedServices.get(key)?.issues
    if (issues !== undefined) touched.add(issues)
    if (service !== null) linkedServices[name] = service
  }

  const issues = [...touched].flatMap((one) => one.list())
  if (issues.some((issue) => issue.severity === 'error')) return { plan: null, issues }
  const runtimes = Object.entries(factory.properties.integrationRuntimes)
  const body = {
    factory: factory.name,
    environment,
    pipeline: start.name,
    pipelines,
    datasets,
    linkedServices,
    globalParameters,
    ...(runtimes.length === 0
      ? {}
      : {
          integrationRuntimes: Object.fromEntries(
            runtimes.map(([name, { taskQueue }]) => [name, { taskQueue: taskQueue ?? null }]),
          ),
        }),
    chain: reachedChains,
    resources: factory.resources,
  }
  const plan: Plan = { ...body, hash: sha256(canonicalJson(asJson(body))) }
  return { plan: deepFreeze(plan), issues }
}

function unknownPipeline(factory: Factory, pipeline: string): DefinitionIssue {
  const names = [...factory.pipelines.values()].map((one) => one.name)
  return {
    file: 'pipeline',
    line: null,
    place: '(folder)',
    message: unknownName(pipeline, 'a pipeline', 'pipelines', names),
    severity: 'error',
  }
}

/** The same value as JSON sees it. */
function asJson(value: Omit<Plan, 'hash'>): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(value))
  return json
}

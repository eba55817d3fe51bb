import type { DefinitionIssue } from '../errors.ts'
import type { FactorySource } from './factory-source.ts'
import { plannedGlobalParameters } from './global-parameters.ts'
import type { Factory } from './load-factory.ts'
import { issuesOf, loadFactory } from './load-factory.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { checkCallCycles, resolvePipeline } from './resolve-pipelines.ts'
import { resolveDataset, resolveLinkedService } from './resolve-references.ts'
import type { ResolvedTriggers } from './resolve-triggers.ts'
import { resolveTriggers } from './resolve-triggers.ts'

/** A factory with everything judged: its issues lie with its resources. */
export interface JudgedFactory {
  readonly factory: Factory
  /** What each pipeline reaches directly, by its lower-case name. */
  readonly used: ReadonlyMap<string, PipelineScope['used']>
  readonly triggers: ResolvedTriggers
}

/** Everything that is wrong in a factory, in every environment: file by file, in the order of its lines. */
export function validateFactory(source: FactorySource): DefinitionIssue[] {
  return issuesOf(judgeFactory(source).factory)
}

export function judgeFactory(source: FactorySource): JudgedFactory {
  const factory = loadFactory(source)
  const triggers = resolveTriggers(factory)
  const used = {
    datasets: new Set<string>(),
    linkedServices: new Set<string>(),
    pipelines: new Set<string>(),
  }
  const calls = new Map<string, string[]>()
  const usedBy = new Map<string, PipelineScope['used']>()
  for (const [key, pipeline] of factory.pipelines) {
    const resolved = resolvePipeline(factory, pipeline)
    calls.set(pipeline.name, [...resolved.used.pipelines])
    usedBy.set(key, resolved.used)
  }
  checkCallCycles(factory, calls)
  for (const key of factory.datasets.keys()) resolveDataset(factory, key, used)
  const [environment = ''] = Object.keys(factory.properties.environments)
  for (const key of factory.linkedServices.keys()) resolveLinkedService(factory, key, environment)
  plannedGlobalParameters(factory, environment)
  return { factory, used: usedBy, triggers }
}

/** Names of the pipelines, in the order of their files. */
export function pipelineNames(source: FactorySource): string[] {
  const factory: Factory = loadFactory(source)
  return [...factory.pipelines.values()].map((one) => one.name)
}

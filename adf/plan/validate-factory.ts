import type { DefinitionIssue } from '../errors.ts'
import type { FactorySource } from './factory-source.ts'
import { plannedGlobalParameters } from './global-parameters.ts'
import type { Factory } from './load-factory.ts'
import { issuesOf, loadFactory } from './load-factory.ts'
import { checkCallCycles, resolvePipeline } from './resolve-pipelines.ts'
import { resolveDataset, resolveLinkedService } from './resolve-references.ts'
import { resolveTriggers } from './resolve-triggers.ts'

/** Everything that is wrong in a factory, in every environment: file by file, in the order of its lines. */
export function validateFactory(source: FactorySource): DefinitionIssue[] {
  const factory = loadFactory(source)
  resolveTriggers(factory)
  const used = {
    datasets: new Set<string>(),
    linkedServices: new Set<string>(),
    pipelines: new Set<string>(),
  }
  const calls = new Map<string, string[]>()
  for (const pipeline of factory.pipelines.values()) {
    calls.set(pipeline.name, [...resolvePipeline(factory, pipeline).used.pipelines])
  }
  checkCallCycles(factory, calls)
  for (const key of factory.datasets.keys()) resolveDataset(factory, key, used)
  const [environment = ''] = Object.keys(factory.properties.environments)
  for (const key of factory.linkedServices.keys()) resolveLinkedService(factory, key, environment)
  plannedGlobalParameters(factory, environment)
  return issuesOf(factory)
}

/** Names of the pipelines, in the order of their files. */
export function pipelineNames(source: FactorySource): string[] {
  const factory: Factory = loadFactory(source)
  return [...factory.pipelines.values()].map((one) => one.name)
}

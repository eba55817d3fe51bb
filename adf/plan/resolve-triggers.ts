import type { z } from 'zod'
import type { JsonObject } from '../json.ts'
import { show } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Recurrence } from '../resource/trigger.ts'
import { chainingTrigger, scheduleTrigger, triggerTypes, unusedTriggerTypes } from '../resource/trigger.ts'
import type { Path } from '../text/positions.ts'
import { checkArguments } from './arguments.ts'
import { checkExpressions } from './check-expressions.ts'
import { cyclesIn } from './check-graph.ts'
import { checkRecurrence } from './check-recurrence.ts'
import type { FileIssues } from './file-issues.ts'
import type { Factory, TriggerResource } from './load-factory.ts'
import type { PlannedChain } from './plan.ts'
import { property } from './pipeline-scope.ts'
import { globalParameterNames } from './resolve-pipelines.ts'
import { parseOrSalvage } from './salvage.ts'

/** A ScheduleTrigger with its pipelines found. */
export interface PlannedSchedule {
  readonly trigger: string
  readonly description: string
  readonly state: 'Started' | 'Stopped' | 'Disabled'
  readonly recurrence: Recurrence
  /** `parameters` may read `@trigger()`. */
  readonly pipelines: readonly { readonly pipeline: string; readonly parameters: JsonObject }[]
}

export interface ResolvedTriggers {
  readonly schedules: readonly PlannedSchedule[]
  /** Only those that are Started. */
  readonly chains: readonly PlannedChain[]
  /** Of triggers that may be meant to chain pipelines, and are too wrong to tell which. */
  readonly unclear: readonly FileIssues[]
}

/** Checks all triggers into their own files' issues. */
export function resolveTriggers(factory: Factory): ResolvedTriggers {
  const schedules: PlannedSchedule[] = []
  const chains: PlannedChain[] = []
  const unclear: FileIssues[] = []
  for (const trigger of factory.triggers.values()) {
    const properties = trigger.properties
    if (properties === null) {
      unclear.push(trigger.issues)
      continue
    }
    const type = property(properties, 'type')
    const known = typeof type === 'string' ? type.toLowerCase() : null
    if (known === 'scheduletrigger') {
      const parsed = parseOrSalvage(scheduleTrigger, properties, ['properties'], trigger.issues)
      if (parsed !== null) schedules.push(resolveSchedule(factory, trigger, parsed))
    } else if (known === 'chainingtrigger') {
      const parsed = parseOrSalvage(chainingTrigger, properties, ['properties'], trigger.issues)
      const chain = parsed === null ? null : resolveChain(factory, trigger, parsed)
      const stopped = parsed !== null && parsed.runtimeState !== 'Started'
      if (chain === null && !stopped) unclear.push(trigger.issues)
      else if (chain !== null && !stopped) chains.push(chain)
    } else {
      reportType(type, trigger.issues)
      if (trigger.issues.hasErrors) unclear.push(trigger.issues)
    }
  }
  checkChainCycles(factory, chains)
  return { schedules, chains, unclear }
}

function resolveSchedule(
  factory: Factory,
  trigger: TriggerResource,
  parsed: z.output<typeof scheduleTrigger>,
): PlannedSchedule {
  const { issues } = trigger
  checkRecurrence(parsed.typeProperties.recurrence, ['properties', 'typeProperties', 'recurrence'], issues)
  if (parsed.pipelines.length === 0)
    issues.report(['properties', 'pipelines'], 'is empty: the trigger starts nothing', 'warning')
  const pipelines = parsed.pipelines.flatMap(
    (started, index) => resolveStart(factory, started, ['properties', 'pipelines', index], issues) ?? [],
  )
  return {
    trigger: trigger.name,
    description: parsed.description ?? '',
    state: parsed.runtimeState,
    recurrence: parsed.typeProperties.recurrence,
    pipelines,
  }
}

function resolveChain(
  factory: Factory,
  trigger: TriggerResource,
  parsed: z.output<typeof chainingTrigger>,
): PlannedChain | null {
  const { issues } = trigger
  const [dependency] = parsed.typeProperties.dependsOn
  const path = ['properties', 'typeProperties', 'dependsOn', 0, 'referenceName']
  const upstream =
    dependency === undefined ? null : findPipeline(factory, dependency.referenceName, path, issues)
  const start = resolveStart(factory, parsed.pipeline, ['properties', 'pipeline'], issues)
  if (upstream?.properties != null) {
    const dimensions = Object.keys(upstream.properties.runDimensions)
    const { runDimension } = parsed.typeProperties
    if (!dimensions.some((one) => one.toLowerCase() === runDimension.toLowerCase()))
      issues.report(
        ['properties', 'typeProperties', 'runDimension'],
        unknownName(
          runDimension,
          `a run dimension of pipeline ${upstream.name}`,
          'run dimensions',
          dimensions,
        ),
      )
  }
  return upstream === null || start === null
    ? null
    : { trigger: trigger.name, upstream: upstream.name, ...start }
}

function resolveStart(
  factory: Factory,
  started: z.output<typeof chainingTrigger>['pipeline'],
  path: Path,
  issues: FileIssues,
) {
  const pipeline = findPipeline(
    factory,
    started.pipelineReference.referenceName,
    [...path, 'pipelineReference', 'referenceName'],
    issues,
  )
  const at = [...path, 'parameters']
  const readable = {
    where: "a trigger's parameters",
    trigger: true,
    globalParameters: globalParameterNames(factory),
  }
  checkExpressions(started.parameters, at, readable, issues)
  if (pipeline === null) return null
  const declared = pipeline.properties?.parameters
  const parameters =
    declared === undefined
      ? started.parameters
      : checkArguments(started.parameters, declared, at, `pipeline ${pipeline.name}`, issues)
  return { pipeline: pipeline.name, parameters }
}

function findPipeline(factory: Factory, name: string, path: Path, issues: FileIssues) {
  const pipeline = factory.pipelines.get(name.toLowerCase())
  if (pipeline !== undefined) return pipeline
  const names = [...factory.pipelines.values()].map((one) => one.name)
  issues.report(path, unknownName(name, 'a pipeline', 'pipelines', names))
  return null
}

function reportType(type: unknown, issues: FileIssues): void {
  const path = ['properties', 'type']
  const used = Object.keys(triggerTypes)
  if (type === undefined) issues.report(path, `is required: one of ${used.join(', ')}`)
  else if (typeof type !== 'string')
    issues.report(path, `must be one of ${used.join(', ')}; it is ${show(type)}`)
  else if (unusedTriggerTypes.some((one) => one.toLowerCase() === type.toLowerCase()))
    issues.report(
      path,
      `${show(type)} is not run yet: this trigger starts nothing; types that run are: ${used.join(', ')}`,
      'warning',
    )
  else
    issues.report(
      path,
      unknownName(type, 'a trigger type', 'trigger types', [...used, ...unusedTriggerTypes]),
    )
}

/** Pipelines that start each other for ever. */
function checkChainCycles(factory: Factory, chains: readonly PlannedChain[]): void {
  const edges = new Map<string, string[]>()
  for (const chain of chains) {
    edges.set(chain.upstream, [...(edges.get(chain.upstream) ?? []), chain.pipeline])
    if (!edges.has(chain.pipeline)) edges.set(chain.pipeline, [])
  }
  for (const cycle of cyclesIn(edges)) {
    const last = chains.find((chain) => chain.upstream === cycle.at(-1) && chain.pipeline === cycle[0])
    const file = last === undefined ? undefined : factory.triggers.get(last.trigger.toLowerCase())
    file?.issues.report(
      ['properties', 'typeProperties', 'dependsOn'],
      `starts pipelines in a circle: ${[...cycle, cycle[0]].join(' -> ')}; stop one of the triggers`,
    )
  }
}

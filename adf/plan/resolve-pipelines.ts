import type { JsonValue } from '../json.ts'
import { isObject, show } from '../resource/fields.ts'
import { refusedInNames } from '../resource/pipeline.ts'
import { ownWorkflowTypes } from '../run/run.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import type { Path } from '../text/positions.ts'
import { plannedParameters } from './arguments.ts'
import { checkExpressions } from './check-expressions.ts'
import { cyclesIn } from './check-graph.ts'
import type { FileIssues } from './file-issues.ts'
import type { Factory, PipelineResource } from './load-factory.ts'
import type { PlannedPipeline, VariableType } from './plan.ts'
import type { FoundActivity, Names, PipelineScope } from './pipeline-scope.ts'
import { findActivities, namesOf, property } from './pipeline-scope.ts'
import { resolveActivities, systemVariables } from './resolve-activities.ts'
import { typedValue } from './typed-value.ts'

/**
 * Activities of one pipeline, inner ones included. ADF stops at 120; a status answer and a graph stay handy up to here, and a chain of them,
 * six events each, fits into a history of 10,000.
 */
export const activityLimit = 1_500

/** A pipeline and what it needs besides itself. `planned` is null where too much is wrong. */
export interface ResolvedPipeline {
  readonly planned: PlannedPipeline | null
  readonly used: PipelineScope['used']
}

/** Value of a variable that has no default and is not set yet. */
const emptyVariable: Readonly<Record<VariableType, JsonValue>> = {
  String: '',
  Bool: false,
  Array: [],
  Integer: 0,
}

/** Checks a pipeline into its own file's issues and gives its planned form. */
export function resolvePipeline(factory: Factory, resource: PipelineResource): ResolvedPipeline {
  const used = {
    datasets: new Set<string>(),
    linkedServices: new Set<string>(),
    pipelines: new Set<string>(),
  }
  const { properties, issues, name } = resource
  if (properties === null) return { planned: null, used }
  if (refusedInNames.test(name))
    issues.report(
      ['name'],
      `${show(name)} holds a character that ADF refuses: . + ? / < > * % & : \\`,
      'warning',
    )
  if (ownWorkflowTypes.includes(name))
    issues.report(
      ['name'],
      `${show(name)} is a workflow type of Headrace itself; give the pipeline another name`,
    )
  const base = ['properties']
  const list = [...base, 'activities']
  const found = [...findActivities(properties.activities, list)]
  if (found.length > activityLimit) {
    issues.report(
      list,
      `holds ${found.length} activities; a pipeline has at most ${activityLimit}: move some to a pipeline of their own`,
    )
    return { planned: null, used }
  }
  if (properties.activities.length === 0) issues.report(list, 'is empty: a run does nothing', 'warning')
  checkUnique(found, issues)

  const parameters = plannedParameters(properties.parameters, [...base, 'parameters'], issues)
  const variables = plannedVariables(properties.variables, [...base, 'variables'], issues)
  const scope: PipelineScope = {
    factory,
    issues,
    pipeline: name,
    parameters: declaredNames(resource, 'parameters'),
    variables: new Map(
      [...declaredNames(resource, 'variables')].map(([key, one]) => [
        key,
        { name: one, type: variables[one]?.type ?? null },
      ]),
    ),
    globalParameters: globalParameterNames(factory),
    activities: namesOf(found.map((one) => one.name)),
    resolveList: resolveActivities,
    used,
  }
  const activities = resolveActivities(
    properties.activities,
    { path: list, inLoop: false, upstream: () => new Set(), depth: 1 },
    scope,
  )
  checkExpressions(
    properties.runDimensions,
    [...base, 'runDimensions'],
    {
      where: 'a run dimension',
      parameters: scope.parameters,
      globalParameters: scope.globalParameters,
      variables: declaredNames(resource, 'variables'),
      system: systemVariables,
    },
    issues,
  )
  const planned: PlannedPipeline = {
    name,
    parameters,
    variables,
    activities,
    annotations: properties.annotations,
    runDimensions: properties.runDimensions,
    concurrency: properties.concurrency ?? null,
  }
  return { planned, used }
}

/** Names as written, those included whose declaration is wrong: reading them is no second mistake. */
function declaredNames(resource: PipelineResource, section: 'parameters' | 'variables'): Names {
  const declared = property(resource.raw, section)
  return namesOf(isObject(declared) ? Object.keys(declared) : [])
}

export function globalParameterNames(factory: Factory): Names {
  return namesOf(Object.keys(factory.properties.globalParameters))
}

function checkUnique(found: readonly FoundActivity[], issues: FileIssues): void {
  const first = new Map<string, FoundActivity>()
  for (const one of found) {
    const twin = first.get(one.name.toLowerCase())
    if (twin === undefined) first.set(one.name.toLowerCase(), one)
    else {
      const place = issues.placeOf(twin.path)
      issues.report(
        [...one.path, 'name'],
        `${show(one.name)} is the name of another activity too, at ${place}; names are unique in a pipeline, inner activities included`,
      )
    }
  }
}

function plannedVariables(
  declared: NonNullable<PipelineResource['properties']>['variables'],
  path: Path,
  issues: FileIssues,
): PlannedPipeline['variables'] {
  const planned: Record<string, PlannedPipeline['variables'][string]> = {}
  const spelling = new Map<string, string>()
  for (const [name, { type, defaultValue }] of Object.entries(declared)) {
    const twin = spelling.get(name.toLowerCase())
    if (twin !== undefined)
      issues.report([...path, name], `differs from ${show(twin)} by case only; ADF takes both for one`)
    spelling.set(name.toLowerCase(), name)
    planned[name] = { type, defaultValue: emptyVariable[type] }
    if (defaultValue === undefined) continue
    const typed = typedValue(type, unwrapExpressions(defaultValue))
    if ('problem' in typed) issues.report([...path, name, 'defaultValue'], typed.problem)
    else planned[name] = { type, defaultValue: typed.value }
  }
  return planned
}

/** Pipelines that run each other for ever: `calls` by name, from ExecutePipeline. */
export function checkCallCycles(factory: Factory, calls: ReadonlyMap<string, readonly string[]>): void {
  for (const cycle of cyclesIn(calls)) {
    const file = factory.pipelines.get((cycle[0] ?? '').toLowerCase())
    file?.issues.report(
      ['properties', 'activities'],
      `pipelines run each other in a circle: ${[...cycle, cycle[0]].join(' -> ')}; take one ExecutePipeline away`,
    )
  }
}

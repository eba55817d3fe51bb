import type { ActivityType } from '../activity/activity-types.ts'
import { activityTypes, findActivityType, isControlType, otherAdfTypes } from '../activity/activity-types.ts'
import { controlActivity, workActivity } from '../activity/fields.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { isObject, show } from '../resource/fields.ts'
import { listNames, unknownName } from '../resource/near-miss.ts'
import { refusedInNames } from '../resource/pipeline.ts'
import type { Path } from '../text/positions.ts'
import type { ActivityDraft } from './activity-draft.ts'
import type { ReadableNames } from './check-expressions.ts'
import { checkExpressions } from './check-expressions.ts'
import { ancestorsOf, checkGraph } from './check-graph.ts'
import { FileIssues } from './file-issues.ts'
import { dataFlowOf, mapActivity } from './map-activities.ts'
import type { ListScope, PipelineScope } from './pipeline-scope.ts'
import { findInner, namesOf, property } from './pipeline-scope.ts'
import type { ActivityBase, PlannedActivity } from './plan.ts'
import { resolveControl } from './resolve-control.ts'
import { resolveWork } from './resolve-work.ts'
import { parseOrSalvage } from './salvage.ts'

const deepest = 10

export const systemVariables = namesOf([
  'DataFactory',
  'Pipeline',
  'RunId',
  'TriggerType',
  'TriggerId',
  'TriggerName',
  'TriggerTime',
  'GroupId',
  'TriggeredByPipelineName',
  'TriggeredByPipelineRunId',
])

/** Checks a list of activities and all that they hold. What cannot be planned is left out, and reported. */
export function resolveActivities(
  list: JsonValue | undefined,
  at: ListScope,
  scope: PipelineScope,
): PlannedActivity[] {
  if (!Array.isArray(list)) return []
  if (at.depth > deepest) {
    scope.issues.report(
      at.path,
      `is nested ${at.depth} levels deep; ${deepest} is the most: move the inside to a pipeline of its own`,
    )
    return []
  }
  const read = list.flatMap((raw, index) =>
    isObject(raw) ? [readMapped(raw, [...at.path, index], scope)] : [],
  )
  const edges = checkGraph(
    read.map(({ name, path, dependsOn }) => ({ name, path, dependsOn })),
    scope.issues,
  )
  const siblings = new Map(read.map((one) => [one.name.toLowerCase(), one]))
  const known = new Map<string, string[]>()
  const innerOf = (name: string): string[] => {
    const sibling = siblings.get(name)
    const found =
      known.get(name) ??
      (sibling === undefined
        ? []
        : [...findInner(sibling.typeProperties, sibling.path)].map((inner) => inner.name.toLowerCase()))
    known.set(name, found)
    return found
  }
  return read.flatMap((one) => {
    const upstream = (): Set<string> => {
      const ended = new Set(at.upstream())
      for (const name of ancestorsOf(edges, one.name.toLowerCase())) {
        ended.add(name)
        for (const inner of innerOf(name)) ended.add(inner)
      }
      return ended
    }
    const planned = resolveActivity(one, { ...at, upstream }, scope)
    return planned === null ? [] : [planned]
  })
}

type ReadActivity = ReturnType<typeof readActivity>

/** The activity, or what factory.yaml puts in its place. */
function readMapped(raw: JsonObject, path: Path, scope: PipelineScope): ReadActivity {
  const found = mapActivity(raw, scope.factory.properties.activityMappings)
  for (const name of found.missing)
    scope.issues.report(
      [...path, 'typeProperties'],
      `gives no parameter ${show(name)}, which activityMappings of factory.yaml hands on for ${found.mapped}`,
    )
  return readActivity(found.raw, path, scope)
}

function readActivity(raw: JsonObject, path: Path, scope: PipelineScope) {
  const written = property(raw, 'type')
  const type = typeof written === 'string' ? findActivityType(written) : undefined
  const state = property(raw, 'state')
  const inactive = typeof state === 'string' && state.toLowerCase() === 'inactive'
  if (typeof written === 'string' && type === undefined && !inactive) {
    const adf = otherAdfTypes.find((one) => one.toLowerCase() === written.toLowerCase())
    scope.issues.report(
      [...path, 'type'],
      adf === undefined
        ? unknownName(written, 'an activity type', 'activity types', activityTypes)
        : adf === 'ExecuteDataFlow'
          ? `${dataFlowOf(raw)} does not run here; name an activity that takes its place in factory.yaml: activityMappings.dataFlows`
          : `${show(adf)} is a type of ADF that does not run here yet; make the activity Inactive, or use one of: ${listNames(activityTypes)}`,
    )
  }
  const schema = type !== undefined && isControlType(type) ? controlActivity : workActivity
  const fields = parseOrSalvage(schema, raw, path, scope.issues)
  const name = fields?.name ?? property(raw, 'name')
  const given = property(raw, 'typeProperties')
  return {
    raw,
    path,
    type,
    inactive,
    fields,
    name: typeof name === 'string' ? name : show(path.at(-1)),
    dependsOn: fields?.dependsOn ?? [],
    typeProperties: isObject(given) ? given : {},
  }
}

function resolveActivity(one: ReadActivity, list: ListScope, scope: PipelineScope): PlannedActivity | null {
  const { fields, path } = one
  if (fields !== null && refusedInNames.test(fields.name))
    scope.issues.report(
      [...path, 'name'],
      `${show(fields.name)} holds a character that ADF refuses: . + ? / < > * % & : \\`,
      'warning',
    )
  const readable: ReadableNames = {
    where: 'a pipeline',
    parameters: scope.parameters,
    globalParameters: scope.globalParameters,
    variables: new Map([...scope.variables].map(([key, { name }]) => [key, name])),
    system: systemVariables,
    item: list.inLoop,
    activities: { all: scope.activities, upstream: list.upstream },
  }
  const base = baseOf(one, scope)
  const draft = { raw: one.raw, path, typeProperties: one.typeProperties, base, list, readable }
  if (one.inactive) return resolveInactive(one.type, one, draft, scope)
  if (one.type === undefined) return null
  const planned = resolveByType(one.type, one, draft, scope)
  return fields === null ? null : planned
}

function resolveByType(
  type: ActivityType,
  one: ReadActivity,
  draft: ActivityDraft,
  scope: PipelineScope,
): PlannedActivity | null {
  const userProperties = property(one.raw, 'userProperties')
  if (userProperties !== undefined)
    checkExpressions(userProperties, [...one.path, 'userProperties'], draft.readable, scope.issues)
  return isControlType(type)
    ? resolveControl(type, draft, scope)
    : resolveWork(type, one.fields ?? {}, draft, scope)
}

/** An inactive activity never runs: nothing inside it is judged, and what cannot be planned stands as a Wait of no time. */
function resolveInactive(
  type: ActivityType | undefined,
  one: ReadActivity,
  draft: ActivityDraft,
  scope: PipelineScope,
): PlannedActivity | null {
  if (one.fields === null) return null
  const issues = new FileIssues(scope.issues.path)
  const used = {
    datasets: new Set<string>(),
    linkedServices: new Set<string>(),
    pipelines: new Set<string>(),
  }
  const planned = type === undefined ? null : resolveByType(type, one, draft, { ...scope, issues, used })
  if (planned !== null && !issues.hasErrors) return planned
  return { ...draft.base, type: 'Wait', waitTimeInSeconds: 0 }
}

function baseOf(one: ReadActivity, scope: PipelineScope): ActivityBase {
  const fields = one.fields
  const policy = fields?.policy
  return {
    name: one.name,
    dependsOn: one.dependsOn.map((dependency) => ({
      activity: scope.activities.get(dependency.activity.toLowerCase()) ?? dependency.activity,
      conditions: [...new Set(dependency.dependencyConditions)],
    })),
    userProperties: fields?.userProperties ?? [],
    inactiveAs: one.inactive ? (fields?.onInactiveMarkAs ?? 'Succeeded') : null,
    policy: {
      timeoutMs: policy?.timeout ?? 0,
      retry: policy?.retry ?? 0,
      retryIntervalMs: (policy?.retryIntervalInSeconds ?? 0) * 1_000,
      secureInput: policy?.secureInput ?? false,
      secureOutput: policy?.secureOutput ?? false,
    },
  }
}

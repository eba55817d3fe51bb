import type { ControlActivityType } from '../activity/activity-types.ts'
import { controlActivities } from '../activity/activity-types.ts'
import { adfBatchCount } from '../activity/for-each.ts'
import type { JsonValue } from '../json.ts'
import { show } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import { checkArguments, holdsExpression } from './arguments.ts'
import { checkExpressions } from './check-expressions.ts'
import type { ActivityDraft } from './activity-draft.ts'
import type { ControlResolver } from './control-resolver.ts'
import { control, placeIn } from './control-resolver.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { branches, findInner, property } from './pipeline-scope.ts'
import type { ControlActivity, PlannedActivity } from './plan.ts'
import { resolveDatasetReference } from './resolve-references.ts'
import { resolveAppendVariable, resolveSetVariable } from './resolve-variables.ts'

/** Turns a control activity into its planned form; null where it cannot be, which is reported. */
export function resolveControl(
  type: ControlActivityType,
  draft: ActivityDraft,
  scope: PipelineScope,
): ControlActivity | null {
  checkOwnExpressions(type, draft, scope)
  const resolved = resolvers[type](draft, scope)
  // A container whose own properties are wrong still has activities to be judged.
  if (resolved === null) for (const branch of branches) inner(branch, draft, scope, type === 'ForEach')
  return resolved
}

const resolvers: Readonly<Record<ControlActivityType, ControlResolver>> = {
  ForEach: control(controlActivities.ForEach, (properties, draft, scope) => {
    const { items, isSequential, batchCount } = properties
    mustBe(items, 'a list', Array.isArray, placeIn(draft, 'items'), scope)
    if (batchCount > adfBatchCount)
      scope.issues.report(
        placeIn(draft, 'batchCount'),
        `${batchCount} works here; ADF allows at most ${adfBatchCount}`,
        'warning',
      )
    const activities = inner('activities', draft, scope, true)
    return {
      ...draft.base,
      type: 'ForEach',
      items,
      isSequential,
      batchCount: isSequential ? 1 : batchCount,
      activities,
    }
  }),
  IfCondition: control(controlActivities.IfCondition, ({ expression }, draft, scope) => {
    mustBe(expression, 'true or false', isBoolean, placeIn(draft, 'expression'), scope)
    return {
      ...draft.base,
      type: 'IfCondition',
      expression,
      ifTrue: inner('ifTrueActivities', draft, scope),
      ifFalse: inner('ifFalseActivities', draft, scope),
    }
  }),
  Switch: control(controlActivities.Switch, (properties, draft, scope) => {
    const on = properties.on ?? properties.expression
    if (on === undefined)
      scope.issues.report(placeIn(draft), 'needs "on": the value that is compared with the cases')
    if (properties.on !== undefined && properties.expression !== undefined)
      scope.issues.report(placeIn(draft, 'expression'), 'is another spelling of "on"; keep one of them')
    const cases = properties.cases.map((one, index) => {
      const path = [...placeIn(draft, 'cases'), index, 'activities']
      return {
        value: one.value,
        activities: scope.resolveList(one.activities, innerList(draft, path), scope),
      }
    })
    const values = cases.map((one) => one.value)
    values.forEach((value, index) => {
      if (values.indexOf(value) < index)
        scope.issues.report(
          [...placeIn(draft, 'cases'), index, 'value'],
          `${show(value)} is the value of another case too; the first one runs`,
        )
    })
    const defaultActivities = inner('defaultActivities', draft, scope)
    return { ...draft.base, type: 'Switch', on: on ?? null, cases, defaultActivities }
  }),
  Until: control(controlActivities.Until, ({ expression, timeout }, draft, scope) => {
    mustBe(expression, 'true or false', isBoolean, placeIn(draft, 'expression'), scope)
    return {
      ...draft.base,
      type: 'Until',
      expression,
      timeoutMs: timeout,
      activities: inner('activities', draft, scope),
    }
  }),
  Wait: control(controlActivities.Wait, ({ waitTimeInSeconds }, draft, scope) => {
    const seconds = numberOf(waitTimeInSeconds)
    mustBe(seconds, 'a whole number of seconds', isWhole, placeIn(draft, 'waitTimeInSeconds'), scope)
    return { ...draft.base, type: 'Wait', waitTimeInSeconds: seconds }
  }),
  SetVariable: resolveSetVariable,
  AppendVariable: resolveAppendVariable,
  Filter: control(controlActivities.Filter, ({ items, condition }, draft, scope) => {
    mustBe(items, 'a list', Array.isArray, placeIn(draft, 'items'), scope)
    mustBe(condition, 'true or false', isBoolean, placeIn(draft, 'condition'), scope)
    return { ...draft.base, type: 'Filter', items, condition }
  }),
  Fail: control(controlActivities.Fail, ({ message, errorCode }, draft, scope) => {
    if (typeof errorCode !== 'string')
      scope.issues.report(
        placeIn(draft, 'errorCode'),
        `is not text: ADF then fails with ErrorCodeNotString; quote it; it is ${show(errorCode)}`,
        'warning',
      )
    return { ...draft.base, type: 'Fail', message, errorCode }
  }),
  ExecutePipeline: control(controlActivities.ExecutePipeline, (properties, draft, scope) => {
    const { pipeline, parameters, waitOnCompletion } = properties
    const called = scope.factory.pipelines.get(pipeline.referenceName.toLowerCase())
    if (called === undefined) {
      const names = [...scope.factory.pipelines.values()].map((one) => one.name)
      scope.issues.report(
        placeIn(draft, 'pipeline', 'referenceName'),
        unknownName(pipeline.referenceName, 'a pipeline', 'pipelines', names),
      )
      return null
    }
    scope.used.pipelines.add(called.name)
    const declared = called.properties?.parameters
    const given =
      declared === undefined
        ? parameters
        : checkArguments(
            parameters,
            declared,
            placeIn(draft, 'parameters'),
            `pipeline ${called.name}`,
            scope.issues,
          )
    return {
      ...draft.base,
      type: 'ExecutePipeline',
      pipeline: called.name,
      parameters: given,
      waitOnCompletion,
    }
  }),
  Validation: control(controlActivities.Validation, (properties, draft, scope) => {
    const { factory, used, issues } = scope
    const dataset = resolveDatasetReference(
      properties.dataset,
      placeIn(draft, 'dataset'),
      factory,
      used,
      issues,
    )
    if (dataset === null) return null
    const minimumSize = numberOf(properties.minimumSize)
    mustBe(minimumSize, 'a number of bytes', isWhole, placeIn(draft, 'minimumSize'), scope)
    return {
      ...draft.base,
      type: 'Validation',
      dataset,
      timeoutMs: properties.timeout,
      sleepMs: properties.sleep * 1_000,
      minimumSize,
      childItems: properties.childItems ?? null,
    }
  }),
}

function innerList(draft: ActivityDraft, path: Path, loop = false) {
  return {
    path,
    inLoop: draft.list.inLoop || loop,
    upstream: draft.list.upstream,
    depth: draft.list.depth + 1,
  }
}

function inner(
  branch: (typeof branches)[number],
  draft: ActivityDraft,
  scope: PipelineScope,
  loop = false,
): PlannedActivity[] {
  return scope.resolveList(
    property(draft.typeProperties, branch),
    innerList(draft, placeIn(draft, branch), loop),
    scope,
  )
}

/** Expressions of the activity itself; its inner activities are judged where they stand. */
function checkOwnExpressions(type: ControlActivityType, draft: ActivityDraft, scope: PipelineScope): void {
  const inside = new Set<string>(branches.map((branch) => branch.toLowerCase()))
  const readable = { ...draft.readable }
  if (type === 'Until' && readable.activities !== undefined) {
    // The test comes after the round: it reads what the round did.
    const before = readable.activities.upstream
    const upstream = (): Set<string> => {
      const inside = [...findInner(draft.typeProperties, [])].map((one) => one.name.toLowerCase())
      return new Set([...before(), ...inside])
    }
    readable.activities = { ...readable.activities, upstream }
  }
  for (const [key, value] of Object.entries(draft.typeProperties)) {
    const name = key.toLowerCase()
    if (inside.has(name) || (type === 'Switch' && name === 'cases')) continue
    const item = readable.item === true || (type === 'Filter' && name === 'condition')
    checkExpressions(value, placeIn(draft, key), { ...readable, item }, scope.issues)
  }
}

function mustBe(
  value: JsonValue,
  what: string,
  is: (value: JsonValue) => boolean,
  path: Path,
  scope: PipelineScope,
): void {
  if (holdsExpression(value) || is(value)) return
  scope.issues.report(path, `must be ${what} or an expression; it is ${show(value)}`)
}

function isBoolean(value: JsonValue): boolean {
  return typeof value === 'boolean'
}

/** A number that is written as text. */
function numberOf(value: JsonValue): JsonValue {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

function isWhole(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

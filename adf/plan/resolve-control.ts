import type { z } from 'zod'
import type { ControlActivityType } from '../activity/activity-types.ts'
import { controlActivities } from '../activity/activity-types.ts'
import { adfBatchCount } from '../activity/for-each.ts'
import { returnValueItems, returnValueVariable } from '../activity/set-variable.ts'
import { references } from '../expression/references.ts'
import type { JsonValue } from '../json.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { show } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import { checkArguments, holdsExpression } from './arguments.ts'
import { checkExpressions, eachExpression } from './check-expressions.ts'
import type { ActivityDraft } from './activity-draft.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { branches, findInner, property } from './pipeline-scope.ts'
import type { ControlActivity, PlannedActivity } from './plan.ts'
import { resolveDatasetReference } from './resolve-references.ts'
import { typedValue } from './typed-value.ts'

type Resolver = (draft: ActivityDraft, scope: PipelineScope) => ControlActivity | null

/** A resolver that sees the properties as its schema gives them. */
function control<S extends z.ZodType>(
  schema: S,
  resolve: (properties: z.output<S>, draft: ActivityDraft, scope: PipelineScope) => ControlActivity | null,
): Resolver {
  return (draft, scope) => {
    const parsed = schema.safeParse(draft.typeProperties)
    if (parsed.success) return resolve(parsed.data, draft, scope)
    scope.issues.reportSchema(parsed.error, draft.typeProperties, at(draft))
    return null
  }
}

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

const resolvers: Readonly<Record<ControlActivityType, Resolver>> = {
  ForEach: control(controlActivities.ForEach, (properties, draft, scope) => {
    const { items, isSequential, batchCount } = properties
    mustBe(items, 'a list', Array.isArray, at(draft, 'items'), scope)
    if (batchCount > adfBatchCount)
      scope.issues.report(
        at(draft, 'batchCount'),
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
    mustBe(expression, 'true or false', isBoolean, at(draft, 'expression'), scope)
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
      scope.issues.report(at(draft), 'needs "on": the value that is compared with the cases')
    if (properties.on !== undefined && properties.expression !== undefined)
      scope.issues.report(at(draft, 'expression'), 'is another spelling of "on"; keep one of them')
    const cases = properties.cases.map((one, index) => {
      const path = [...at(draft, 'cases'), index, 'activities']
      return {
        value: one.value,
        activities: scope.resolveList(one.activities, innerList(draft, path), scope),
      }
    })
    const values = cases.map((one) => one.value)
    values.forEach((value, index) => {
      if (values.indexOf(value) < index)
        scope.issues.report(
          [...at(draft, 'cases'), index, 'value'],
          `${show(value)} is the value of another case too; the first one runs`,
        )
    })
    const defaultActivities = inner('defaultActivities', draft, scope)
    return { ...draft.base, type: 'Switch', on: on ?? null, cases, defaultActivities }
  }),
  Until: control(controlActivities.Until, ({ expression, timeout }, draft, scope) => {
    mustBe(expression, 'true or false', isBoolean, at(draft, 'expression'), scope)
    return {
      ...draft.base,
      type: 'Until',
      expression,
      timeoutMs: timeout,
      activities: inner('activities', draft, scope),
    }
  }),
  Wait: control(controlActivities.Wait, ({ waitTimeInSeconds }, draft, scope) => {
    const seconds =
      typeof waitTimeInSeconds === 'string' && /^\d+$/.test(waitTimeInSeconds)
        ? Number(waitTimeInSeconds)
        : waitTimeInSeconds
    mustBe(seconds, 'a whole number of seconds', isSeconds, at(draft, 'waitTimeInSeconds'), scope)
    return { ...draft.base, type: 'Wait', waitTimeInSeconds: seconds }
  }),
  SetVariable: control(controlActivities.SetVariable, (properties, draft, scope) => {
    const { variableName, value, setSystemVariable } = properties
    const path = at(draft, 'variableName')
    if (setSystemVariable) {
      if (variableName.toLowerCase() !== returnValueVariable.toLowerCase()) {
        scope.issues.report(
          path,
          `${show(variableName)} cannot be set as a system variable; ${returnValueVariable} is the only one`,
        )
        return null
      }
      const items = returnValueItems.safeParse(value)
      if (items.success)
        return {
          ...draft.base,
          type: 'SetVariable',
          variableName: returnValueVariable,
          value: plain(items.data),
          isReturnValue: true,
        }
      scope.issues.reportSchema(items.error, value, at(draft, 'value'))
      return null
    }
    const variable = findVariable(variableName, path, scope)
    if (variable === null) return null
    eachExpression(value, at(draft, 'value'), (text, place) => {
      if (readsVariable(text, variableName))
        scope.issues.report(
          place,
          `reads variable ${show(variable.name)}, which it sets: ADF refuses this; keep the old value in another variable first`,
        )
    })
    let planned = value
    if (!holdsExpression(value)) {
      const typed = typedValue(variable.type, value)
      if ('problem' in typed) scope.issues.report(at(draft, 'value'), typed.problem)
      else planned = typed.value
    }
    return {
      ...draft.base,
      type: 'SetVariable',
      variableName: variable.name,
      value: planned,
      isReturnValue: false,
    }
  }),
  AppendVariable: control(controlActivities.AppendVariable, ({ variableName, value }, draft, scope) => {
    const path = at(draft, 'variableName')
    const variable = findVariable(variableName, path, scope)
    if (variable === null) return null
    if (variable.type !== 'Array')
      scope.issues.report(
        path,
        `${show(variable.name)} is of type ${variable.type}; only to a variable of type Array can be appended`,
      )
    return { ...draft.base, type: 'AppendVariable', variableName: variable.name, value }
  }),
  Filter: control(controlActivities.Filter, ({ items, condition }, draft, scope) => {
    mustBe(items, 'a list', Array.isArray, at(draft, 'items'), scope)
    mustBe(condition, 'true or false', isBoolean, at(draft, 'condition'), scope)
    return { ...draft.base, type: 'Filter', items, condition }
  }),
  Fail: control(controlActivities.Fail, ({ message, errorCode }, draft) => {
    return { ...draft.base, type: 'Fail', message, errorCode }
  }),
  ExecutePipeline: control(controlActivities.ExecutePipeline, (properties, draft, scope) => {
    const { pipeline, parameters, waitOnCompletion } = properties
    const called = scope.factory.pipelines.get(pipeline.referenceName.toLowerCase())
    if (called === undefined) {
      const names = [...scope.factory.pipelines.values()].map((one) => one.name)
      scope.issues.report(
        at(draft, 'pipeline', 'referenceName'),
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
            at(draft, 'parameters'),
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
    const dataset = resolveDatasetReference(properties.dataset, at(draft, 'dataset'), factory, used, issues)
    if (dataset === null) return null
    return {
      ...draft.base,
      type: 'Validation',
      dataset,
      timeoutMs: properties.timeout,
      sleepMs: properties.sleep * 1_000,
      minimumSize: properties.minimumSize,
      childItems: properties.childItems ?? null,
    }
  }),
}

function at(draft: ActivityDraft, ...rest: (string | number)[]): Path {
  return [...draft.path, 'typeProperties', ...rest]
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
    innerList(draft, at(draft, branch), loop),
    scope,
  )
}

/** Expressions of the activity itself; its inner activities are judged where they stand. */
function checkOwnExpressions(type: ControlActivityType, draft: ActivityDraft, scope: PipelineScope): void {
  const inside = new Set<string>(branches.map((branch) => branch.toLowerCase()))
  const readable = { ...draft.readable }
  if (type === 'Until' && readable.activities !== undefined) {
    // The test comes after the round: it reads what the round did.
    const upstream = new Set(readable.activities.upstream)
    for (const one of findInner(draft.typeProperties, [])) upstream.add(one.name.toLowerCase())
    readable.activities = { ...readable.activities, upstream }
  }
  for (const [key, value] of Object.entries(draft.typeProperties)) {
    const name = key.toLowerCase()
    if (inside.has(name) || (type === 'Switch' && name === 'cases')) continue
    const item = readable.item === true || (type === 'Filter' && name === 'condition')
    checkExpressions(value, at(draft, key), { ...readable, item }, scope.issues)
  }
}

function findVariable(name: string, path: Path, scope: PipelineScope) {
  const variable = scope.variables.get(name.toLowerCase())
  if (variable !== undefined) return variable
  const names = [...scope.variables.values()].map((one) => one.name)
  scope.issues.report(path, unknownName(name, 'a variable', 'variables', names))
  return null
}

function readsVariable(text: string, name: string): boolean {
  try {
    return references(text).variables.some((one) => one.toLowerCase() === name.toLowerCase())
  } catch {
    // A syntax error is reported where expressions are checked.
    return false
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

function isSeconds(value: JsonValue): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** The parsed list as plain JSON: absent contents left out. */
function plain(items: z.output<typeof returnValueItems>): JsonValue {
  return items.map(({ key, value }) => ({
    key,
    value: {
      type: value.type,
      ...(value.content === undefined ? {} : { content: unwrapExpressions(value.content) }),
    },
  }))
}

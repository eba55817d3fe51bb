import { Problem } from '../../adf/expression/expression-error.ts'
import { explain, type Explanation } from '../../adf/expression/explain.ts'
import type { Scope } from '../../adf/expression/scope.ts'
import { equal, toJson } from '../../adf/expression/value.ts'
import { texts } from '../../adf/expression/walk.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import { evaluate } from '../../adf/expression/evaluate.ts'
import { environmentAt, type Moment, type RecordedActivity, type RecordedRun } from './recorded-run.ts'

/** One expression of an activity's definition with what it came to in a run. */
export interface ExplainedExpression {
  /** Where in the activity it stands, such as `typeProperties.url`. */
  readonly path: string
  readonly explanation: Explanation
  /** What the run recorded as the activity's input at this place, where that is another value; undefined where it is the same, or not recorded. */
  readonly recorded: JsonValue | undefined
}

/** Parts of an activity that hold no expressions, or activities of their own. */
const apart: ReadonlySet<string> = new Set([
  'name',
  'type',
  'dependsOn',
  'policy',
  'inactiveAs',
  'activities',
  'ifTrue',
  'ifFalse',
  'cases',
  'defaultActivities',
])

/** What a record shows in place of a secret. */
const hidden = '**********'

/** Whether the activity evaluated anything, and its inputs may be shown. */
export function explainable({ row, place }: RecordedActivity): boolean {
  return row.status !== 'Skipped' && row.status !== 'Inactive' && !place.activity.policy.secureInput
}

/** Every expression of an activity, in the order of its definition. A Filter's condition: for its first item. */
export function explainActivity(run: RecordedRun, of: RecordedActivity): ExplainedExpression[] {
  const { activity } = of.place
  const scopes = {
    start: run.scopeAt({ of, at: 'start' }),
    end: run.scopeAt({ of, at: 'end' }),
  }
  return Object.entries(plain(activity))
    .filter(([key]) => !apart.has(key))
    .flatMap(([key, value]) => [...texts(value, key)])
    .flatMap(({ text, path }): ExplainedExpression[] => {
      const recorded = recordedAt(of.row.input, path)
      if (recorded === hidden) return []
      const moment: Moment = { of, at: isLate(activity.type, path) ? 'end' : 'start' }
      const scope = path === 'condition' ? withFirstItem(of, scopes.start, moment) : scopes[moment.at]
      const explanation = explain(text, scope, environmentAt(moment))
      return [{ path, explanation, recorded: same(explanation, recorded) ? undefined : recorded }]
    })
}

/** User properties and an Until's condition are evaluated after what stands inside has ended. */
function isLate(type: string, path: string): boolean {
  return path.startsWith('userProperties') || (type === 'Until' && path === 'expression')
}

function withFirstItem({ place }: RecordedActivity, scope: Scope, moment: Moment): Scope {
  const { activity } = place
  if (activity.type !== 'Filter') return scope
  const copy: Scope = Object.defineProperties({}, Object.getOwnPropertyDescriptors(scope))
  return Object.defineProperty(copy, 'item', {
    get: () => {
      const items = evaluate(activity.items, scope, environmentAt(moment))
      const item = Array.isArray(items) ? items[0] : undefined
      if (item === undefined) throw new Problem('has no value: there are no items')
      return item
    },
  })
}

function same({ outcome }: Explanation, recorded: JsonValue | undefined): boolean {
  return recorded === undefined || (outcome.kind === 'value' && equal(toJson(outcome.value), recorded))
}

/** Records show typeProperties without that word, and of the rest what is named so. */
function recordedAt(input: JsonValue, path: string): JsonValue | undefined {
  const inside = path.startsWith('typeProperties.') ? path.slice('typeProperties.'.length) : path
  let value: JsonValue | undefined = input
  for (const step of inside.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value) ? value[Number(step)] : value[step]
  }
  return value
}

function plain(value: object): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(value))
  return copy
}

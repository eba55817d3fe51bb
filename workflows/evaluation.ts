import { evaluate } from '../adf/expression/evaluate.ts'
import type { Scope } from '../adf/expression/scope.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import { requireObject } from '../engine/evaluated.ts'
import type { Frame } from './frame.ts'
import { activityObjects } from './frame.ts'
import type { Run } from './run.ts'

/** Evaluates what an activity says, with what can be seen from where it stands. */
export function evaluateIn(run: Run, frame: Frame, value: JsonValue): JsonValue {
  return evaluate(value, scopeOf(run, frame), run.environment)
}

export function evaluateObject(run: Run, frame: Frame, value: JsonObject): JsonObject {
  return requireObject(evaluateIn(run, frame, value))
}

/** For many evaluations in one place: the scope is made once, `item` is replaced. */
export function evaluatorOfItems(run: Run, frame: Frame): (value: JsonValue, item: JsonValue) => JsonValue {
  const scope = scopeOf(run, frame)
  return (value, item) => evaluate(value, { ...scope, item }, run.environment)
}

/** Most expressions read no activity: what has ended, which may be very much, is put together when it is asked for. */
function scopeOf(run: Run, frame: Frame): Scope {
  let activities: Record<string, JsonObject> | null = null
  return {
    system: run.system,
    parameters: run.parameters,
    globalParameters: run.plan.globalParameters,
    variables: run.variables.view(),
    get activities() {
      activities ??= activityObjects(frame)
      return activities
    },
    ...(frame.item === undefined ? {} : { item: frame.item }),
  }
}

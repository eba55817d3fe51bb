import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity } from '../../adf/plan/plan.ts'
import { requireArray, requireBoolean, requireSeconds } from '../../engine/branch.ts'
import { failError } from '../../engine/fail.ts'
import { ActivityFailed } from '../activity-failure.ts'
import type { Try } from '../run.ts'
import { evaluateIn, evaluatorOfItems } from '../evaluation.ts'

type Of<T extends ControlActivity['type']> = Extract<ControlActivity, { type: T }>

export async function runWait(activity: Of<'Wait'>, attempt: Try): Promise<JsonValue> {
  const value = evaluateIn(attempt.run, attempt.frame, activity.waitTimeInSeconds)
  const seconds = requireSeconds(value, 'waitTimeInSeconds')
  attempt.input = { waitTimeInSeconds: seconds }
  if (seconds > 0) await attempt.run.shell.sleep(seconds * 1000, activity.name)
  return {}
}

export function runFilter(activity: Of<'Filter'>, attempt: Try): JsonValue {
  const { run, frame } = attempt
  const items = requireArray(evaluateIn(run, frame, activity.items), 'items')
  attempt.input = { itemsCount: items.length }
  const evaluateItem = evaluatorOfItems(run, frame)
  const kept = items.filter((item) => requireBoolean(evaluateItem(activity.condition, item), 'condition'))
  return { ItemsCount: items.length, FilteredItemsCount: kept.length, Value: kept }
}

export function runFail(activity: Of<'Fail'>, attempt: Try): never {
  const { run, frame } = attempt
  const message = evaluateIn(run, frame, activity.message)
  const errorCode = evaluateIn(run, frame, activity.errorCode)
  attempt.input = { message, errorCode }
  throw new ActivityFailed(failError(activity.name, message, errorCode))
}

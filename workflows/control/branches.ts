import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity, PlannedActivity } from '../../adf/plan/plan.ts'
import { matchingCase, requireBoolean } from '../../engine/branch.ts'
import type { Try } from '../run.ts'
import { evaluateIn } from '../evaluation.ts'
import { runScope, statusNodes } from '../scope.ts'
import { finishContainer } from './container.ts'

type Of<T extends ControlActivity['type']> = Extract<ControlActivity, { type: T }>

export async function runIfCondition(activity: Of<'IfCondition'>, attempt: Try): Promise<JsonValue> {
  const value = evaluateIn(attempt.run, attempt.frame, activity.expression)
  attempt.input = { expression: value }
  const holds = requireBoolean(value, 'expression')
  await runBranch(activity.name, holds ? activity.ifTrue : activity.ifFalse, attempt)
  return {}
}

export async function runSwitch(activity: Of<'Switch'>, attempt: Try): Promise<JsonValue> {
  const on = evaluateIn(attempt.run, attempt.frame, activity.on)
  attempt.input = { on }
  const chosen = matchingCase(on, activity.cases)
  await runBranch(activity.name, chosen?.activities ?? activity.defaultActivities, attempt)
  return {}
}

/** Branches share the container's frame: what ends inside is read from outside by name. */
async function runBranch(name: string, activities: readonly PlannedActivity[], attempt: Try): Promise<void> {
  const nodes = statusNodes(activities)
  attempt.node.show(nodes)
  finishContainer(name, await runScope(attempt.run, activities, attempt.frame, nodes))
}

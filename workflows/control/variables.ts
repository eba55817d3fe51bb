import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity } from '../../adf/plan/plan.ts'
import { returnValues } from '../../engine/return-value.ts'
import type { Try } from '../run.ts'
import { evaluateIn } from '../evaluation.ts'

type Of<T extends ControlActivity['type']> = Extract<ControlActivity, { type: T }>

export function runSetVariable(activity: Of<'SetVariable'>, attempt: Try): JsonValue {
  const { run, frame } = attempt
  const { variableName } = activity
  const value = evaluateIn(run, frame, activity.value)
  attempt.input = { variableName, value }
  if (activity.isReturnValue) {
    const values = returnValues(value)
    run.variables.apply({ kind: 'Return', values })
    return { name: variableName, value: values }
  }
  run.variables.apply({ kind: 'Set', variable: variableName, value })
  return { name: variableName, value }
}

export function runAppendVariable(activity: Of<'AppendVariable'>, attempt: Try): JsonValue {
  const { run, frame } = attempt
  const { variableName } = activity
  const value = evaluateIn(run, frame, activity.value)
  attempt.input = { variableName, value }
  run.variables.apply({ kind: 'Append', variable: variableName, value })
  return { name: variableName }
}

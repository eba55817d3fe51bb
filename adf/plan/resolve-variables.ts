import type { z } from 'zod'
import { appendVariableProperties } from '../activity/append-variable.ts'
import { returnValueItems, returnValueVariable, setVariableProperties } from '../activity/set-variable.ts'
import { references } from '../expression/references.ts'
import type { JsonValue } from '../json.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { show } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import { holdsExpression } from './arguments.ts'
import { eachExpression } from './check-expressions.ts'
import { control, placeIn } from './control-resolver.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { typedValue } from './typed-value.ts'

/** Plans a SetVariable: of a variable, or of what the pipeline returns. */
export const resolveSetVariable = control(setVariableProperties, (properties, draft, scope) => {
  const { variableName, value, setSystemVariable } = properties
  const path = placeIn(draft, 'variableName')
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
    scope.issues.reportSchema(items.error, value, placeIn(draft, 'value'))
    return null
  }
  const variable = findVariable(variableName, path, scope)
  if (variable === null) return null
  eachExpression(value, placeIn(draft, 'value'), (text, place) => {
    if (readsVariable(text, variableName))
      scope.issues.report(
        place,
        `reads variable ${show(variable.name)}, which it sets: ADF refuses this; keep the old value in another variable first`,
      )
  })
  let planned = value
  if (variable.type !== null && !holdsExpression(value)) {
    const typed = typedValue(variable.type, value)
    if ('problem' in typed) scope.issues.report(placeIn(draft, 'value'), typed.problem)
    else planned = typed.value
  }
  return {
    ...draft.base,
    type: 'SetVariable',
    variableName: variable.name,
    value: planned,
    isReturnValue: false,
  }
})

/** Plans an AppendVariable. */
export const resolveAppendVariable = control(
  appendVariableProperties,
  ({ variableName, value }, draft, scope) => {
    const path = placeIn(draft, 'variableName')
    const variable = findVariable(variableName, path, scope)
    if (variable === null) return null
    if (variable.type !== null && variable.type !== 'Array')
      scope.issues.report(
        path,
        `${show(variable.name)} is of type ${variable.type}; only to a variable of type Array can be appended`,
      )
    return { ...draft.base, type: 'AppendVariable', variableName: variable.name, value }
  },
)

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

import { Problem } from '../expression-error.ts'
import type { Scope } from '../scope.ts'
import { property, type Value, type ValueObject } from '../value.ts'
import { stringAt } from './argument.ts'
import type { FunctionRow } from './function-row.ts'

/** A scope is frozen for many evaluations, so its `pipeline()` object is put together once. */
const pipelines = new WeakMap<Scope, ValueObject>()

function pipelineOf(scope: Scope): ValueObject {
  let found = pipelines.get(scope)
  if (found === undefined) {
    if (
      scope.system === undefined &&
      scope.parameters === undefined &&
      scope.globalParameters === undefined
    ) {
      throw new Problem('is not available here; it is legal inside pipelines only')
    }
    found = {
      ...scope.system,
      parameters: scope.parameters ?? {},
      globalParameters: scope.globalParameters ?? {},
    }
    pipelines.set(scope, found)
  }
  return found
}

/** `'A', 'B' and 3 more`, for a message. */
function listNames(of: object): string {
  const names = Object.keys(of)
  if (names.length === 0) return 'none'
  const shown = names.slice(0, 20).map((name) => `'${name}'`)
  return `${shown.join(', ')}${names.length > 20 ? ` and ${names.length - 20} more` : ''}`
}

/** A function without arguments that gives a part of the scope. */
function root(name: keyof Scope, where: string): FunctionRow {
  return {
    name,
    signature: `${name}()`,
    minArgs: 0,
    maxArgs: 0,
    evaluate: (_args, { scope }): Value => {
      const value: Value | undefined = scope[name]
      if (value === undefined) throw new Problem(`is not available here; it is legal in ${where} only`)
      return value
    },
  }
}

/** The roots of references: pipeline(), activity('a'), variables('v'), item() … */
export const referenceFunctions: readonly FunctionRow[] = [
  {
    name: 'pipeline',
    signature: 'pipeline()',
    minArgs: 0,
    maxArgs: 0,
    evaluate: (_args, { scope }) => pipelineOf(scope),
  },
  {
    name: 'variables',
    signature: "variables('name')",
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args, { scope }) => {
      const name = stringAt(args, 0)
      if (scope.variables === undefined)
        throw new Problem('is not available here; it is legal inside pipelines only')
      const value = property(scope.variables, name)
      if (value === undefined) {
        throw new Problem(`there is no variable '${name}'; variables are: ${listNames(scope.variables)}`)
      }
      return value
    },
  },
  {
    name: 'activity',
    signature: "activity('name')",
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args, { scope }) => {
      const name = stringAt(args, 0)
      if (scope.activities === undefined)
        throw new Problem('is not available here; it is legal inside pipelines only')
      const value = property(scope.activities, name)
      if (value === undefined) {
        throw new Problem(
          `activity '${name}' has not run (or was skipped, or does not exist); what ran: ${listNames(scope.activities)}`,
        )
      }
      return value
    },
  },
  root('item', 'ForEach and Filter activities'),
  root('dataset', 'datasets'),
  root('linkedService', 'linked services'),
  root('trigger', "a trigger's parameters"),
  root('triggerBody', "a trigger's parameters"),
]

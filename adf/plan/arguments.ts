import { isExpression } from '../expression/parse.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'
import type { PlannedPipeline } from './plan.ts'
import { typedValue } from './typed-value.ts'

type Parameters = PlannedPipeline['parameters']

/** What somebody else's parameters look like before their own file is judged. */
export type DeclaredParameters = Readonly<
  Record<string, { readonly type: Parameters[string]['type']; readonly defaultValue?: JsonValue | undefined }>
>

/** Parameters with their defaults in the type that they declare. */
export function plannedParameters(declared: DeclaredParameters, path: Path, issues: FileIssues): Parameters {
  const planned: Record<string, Parameters[string]> = {}
  const spelling = new Map<string, string>()
  for (const [name, { type, defaultValue }] of Object.entries(declared)) {
    const twin = spelling.get(name.toLowerCase())
    if (twin !== undefined)
      issues.report(
        [...path, name],
        `differs from ${JSON.stringify(twin)} by case only; ADF takes both for one`,
      )
    spelling.set(name.toLowerCase(), name)
    planned[name] = { type }
    if (defaultValue === undefined) continue
    const typed = typedValue(type, unwrapExpressions(defaultValue))
    if ('problem' in typed) issues.report([...path, name, 'defaultValue'], typed.problem)
    else planned[name] = { type, defaultValue: typed.value }
  }
  return planned
}

/**
 * Checks what is given to somebody's parameters: those without a default must be given, literals must be of the type. Gives them in
 * the spelling and type of the declaration. One that does not exist is left out with a warning: ADF's files keep such after
 * a parameter was taken away, and run.
 */
export function checkArguments(
  given: JsonObject,
  declared: DeclaredParameters,
  path: Path,
  owner: string,
  issues: FileIssues,
): JsonObject {
  const spelling = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]))
  const result: JsonObject = {}
  for (const [key, value] of Object.entries(given)) {
    const name = spelling.get(key.toLowerCase())
    const declaration = name === undefined ? undefined : declared[name]
    if (name === undefined || declaration === undefined) {
      issues.report(
        [...path, key],
        `${unknownName(key, `a parameter of ${owner}`, 'parameters', [...spelling.values()])}; it is not handed over`,
        'warning',
      )
      continue
    }
    result[name] = value
    if (holdsExpression(value)) continue
    const typed = typedValue(declaration.type, value)
    if ('problem' in typed) issues.report([...path, key], typed.problem)
    else result[name] = typed.value
  }
  for (const [name, { defaultValue }] of Object.entries(declared)) {
    if (defaultValue === undefined && !Object.hasOwn(result, name))
      issues.report(path, `does not give parameter ${JSON.stringify(name)} of ${owner}, which has no default`)
  }
  return result
}

/** Whether a value changes when it is evaluated. */
export function holdsExpression(value: JsonValue): boolean {
  if (typeof value === 'string') return isExpression(value)
  if (Array.isArray(value)) return value.some(holdsExpression)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression)
}

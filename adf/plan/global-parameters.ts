import type { JsonObject } from '../json.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { unknownName } from '../resource/near-miss.ts'
import type { Factory } from './load-factory.ts'
import { typedValue } from './typed-value.ts'

/** Global parameters as `environment` has them; what is wrong goes to the factory file's issues. */
export function plannedGlobalParameters(factory: Factory, environment: string): JsonObject {
  const { globalParameters, environments } = factory.properties
  const known = Object.keys(environments)
  if (known.length > 0 && !Object.hasOwn(environments, environment))
    factory.issues.report(['environments'], unknownName(environment, 'an environment', 'environments', known))
  const result: JsonObject = {}
  for (const [name, { type, value }] of Object.entries(globalParameters)) {
    const typed = typedValue(type, unwrapExpressions(value))
    if ('problem' in typed) factory.issues.report(['globalParameters', name, 'value'], typed.problem)
    else result[name] = typed.value
  }
  const names = Object.keys(globalParameters)
  for (const [one, { globalParameters: replaced }] of Object.entries(environments)) {
    for (const [key, value] of Object.entries(replaced)) {
      const path = ['environments', one, 'globalParameters', key]
      const name = names.find((candidate) => candidate.toLowerCase() === key.toLowerCase())
      const declared = name === undefined ? undefined : globalParameters[name]
      if (name === undefined || declared === undefined) {
        factory.issues.report(path, unknownName(key, 'a global parameter', 'global parameters', names))
        continue
      }
      const typed = typedValue(declared.type, value)
      if ('problem' in typed) factory.issues.report(path, typed.problem)
      else if (one === environment) result[name] = typed.value
    }
  }
  return result
}

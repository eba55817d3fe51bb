import type { JsonObject, JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import type { ArmScope } from './arm-expression.ts'
import { ArmProblem, decodeText } from './arm-expression.ts'

/** Parameters that name the factory itself; a folder's name does where they have no value. */
const factoryNames = /^(factory|dataFactory|workspace)_?Name$/i

/**
 * Values of a template's parameters (the parameters file, then the default) and variables. `given` is `parameters` of the parameters
 * file: `{ name: { value } }`. A template of linkedTemplates/ declares what the master file hands over under the same names.
 */
export function armScope(template: JsonObject, given: JsonObject, name: string): ArmScope {
  const declared = section(template, 'parameters')
  const variables = section(template, 'variables')
  const open = new Set<string>()

  /** Decodes what a name stands for; a name that stands for itself has no value. */
  const once = (label: string, text: JsonValue): JsonValue => {
    if (open.has(label)) throw new ArmProblem(`${label} is made of itself`)
    open.add(label)
    try {
      return decodeAll(text, scope)
    } finally {
      open.delete(label)
    }
  }

  const scope: ArmScope = {
    parameter(wanted) {
      const label = `parameters(${show(wanted)})`
      const value = property(given, wanted)
      if (isObject(value)) {
        const found = property(value, 'value')
        if (found !== undefined && found !== null) return found
        if (property(value, 'reference') !== undefined)
          throw new ArmProblem(
            `${label} is a secret of Azure Key Vault, which the parameters file refers to: empty text stands in its place`,
            'warning',
            '',
          )
      }
      const declaration = property(declared, wanted)
      const standard = isObject(declaration) ? property(declaration, 'defaultValue') : undefined
      if (standard !== undefined) return once(label, standard)
      if (factoryNames.test(wanted)) return name
      if (!isObject(declaration)) throw new ArmProblem(`${label} is not declared in the template`)
      const type = property(declaration, 'type')
      if (typeof type === 'string' && /^secure/i.test(type))
        throw new ArmProblem(
          `${label} is a secret that has no value here: empty text stands in its place; give it in the parameters file`,
          'warning',
          '',
        )
      throw new ArmProblem(`${label} has no value and no default; give it in the parameters file`)
    },
    variable(wanted) {
      const found = property(variables, wanted)
      const label = `variables(${show(wanted)})`
      if (found === undefined) throw new ArmProblem(`${label} is not declared in the template`)
      return once(label, found)
    },
  }
  return scope
}

/** Decodes every text of a value; throws the first ArmProblem. */
function decodeAll(value: JsonValue, scope: ArmScope): JsonValue {
  if (typeof value === 'string') return decodeText(value, scope)
  if (Array.isArray(value)) return value.map((item) => decodeAll(item, scope))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decodeAll(inner, scope)]))
}

export function section(object: JsonObject, name: string): JsonObject {
  const found = property(object, name)
  return isObject(found) ? found : {}
}

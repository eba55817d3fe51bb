import type { Scope } from '../../adf/expression/scope.ts'
import { isObject, type Value } from '../../adf/expression/value.ts'

/** `scope` with the parts of `given` in their place, name by name. Values that are not known are not read by that. */
export function overlaid(scope: Scope, given: Scope): Scope {
  const result: Scope = copied(scope)
  for (const [key, value] of Object.entries(given)) {
    const below = Object.getOwnPropertyDescriptor(scope, key)
    Object.defineProperty(result, key, {
      value: below !== undefined && 'value' in below ? merged(below.value, value) : value,
      enumerable: true,
    })
  }
  return result
}

function merged(below: Value, given: Value): Value {
  if (!isObject(below) || !isObject(given)) return given
  const result = copied(below)
  for (const [key, value] of Object.entries(given))
    Object.defineProperty(result, key, { value, enumerable: true, configurable: true })
  return result
}

function copied<T extends object>(of: T): T {
  const copy: T = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(of))
  return copy
}

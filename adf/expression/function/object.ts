import { Problem } from '../expression-error.ts'
import type { Value, ValueObject } from '../value.ts'
import { at, objectAt, stringAt, wrong } from './argument.ts'
import type { FunctionRow } from './function-row.ts'

/** The object with the key set; entries rather than a spread, which would take `__proto__` for the prototype. */
function replaced(target: ValueObject, key: string, value: Value): Value {
  return Object.fromEntries([...Object.entries(target), [key, value]])
}

function propertyNameAt(args: readonly Value[], index: number): string {
  const name = stringAt(args, index)
  if (/[[\].]/.test(name)) throw wrong(index, "a property's name without '[', ']' and '.'", name)
  return name
}

/** The object without the property, in whatever case it is written. */
function without(target: ValueObject, name: string): Record<string, Value> {
  const entries = Object.entries(target)
  const found = Object.hasOwn(target, name)
    ? name
    : entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[0]
  return Object.fromEntries(entries.filter(([key]) => key !== found))
}

function withProperty(args: readonly Value[], mayExist: boolean): Value {
  const target = objectAt(args, 0)
  const name = propertyNameAt(args, 1)
  const found = Object.keys(target).find((key) => key.toLowerCase() === name.toLowerCase())
  if (found === undefined) return replaced(target, name, at(args, 2))
  if (!mayExist) throw new Problem(`there is a property '${found}' already; setProperty() replaces it`)
  return replaced(target, Object.hasOwn(target, name) ? name : found, at(args, 2))
}

export const objectFunctions: readonly FunctionRow[] = [
  {
    name: 'addProperty',
    signature: 'addProperty(object, name, value)',
    minArgs: 3,
    maxArgs: 3,
    evaluate: (args) => withProperty(args, false),
  },
  {
    name: 'setProperty',
    signature: 'setProperty(object, name, value)',
    minArgs: 3,
    maxArgs: 3,
    evaluate: (args) => withProperty(args, true),
  },
  {
    name: 'removeProperty',
    signature: 'removeProperty(object, name)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => without(objectAt(args, 0), propertyNameAt(args, 1)),
  },
]

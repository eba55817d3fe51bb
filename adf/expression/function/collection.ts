import { Problem } from '../expression-error.ts'
import {
  compareNumbers,
  equal,
  isArray,
  isNumber,
  isObject,
  property,
  setKey,
  toJsonText,
  toText,
  typeName,
  type Value,
  type ValueObject,
} from '../value.ts'
import { arrayAt, at, describe, intAt, stringAt, wrong } from './argument.ts'
import { unbounded, type EagerRow, type FunctionRow } from './function-row.ts'
import { checkLength } from './text-length.ts'

function sequenceAt(args: readonly Value[], index: number): string | readonly Value[] {
  const value = at(args, index)
  if (typeof value !== 'string' && !isArray(value)) throw wrong(index, 'an array or a string', value)
  return value
}

function countAt(args: readonly Value[], index: number): number {
  const count = intAt(args, index)
  if (count < 0) throw wrong(index, 'an integer from 0', count)
  return count
}

function contains(collection: Value, sought: Value): boolean {
  if (isArray(collection)) return collection.some((item) => equal(item, sought))
  if (typeof collection !== 'string' && !isObject(collection)) {
    throw wrong(0, 'an array, an object or a string', collection)
  }
  if (typeof sought !== 'string') {
    const wanted = typeof collection === 'string' ? 'a string to look for in a string' : "a key's name"
    throw wrong(1, wanted, sought)
  }
  return typeof collection === 'string'
    ? collection.includes(sought)
    : property(collection, sought) !== undefined
}

/** A function of two or more arrays, or of two or more objects. */
function setFunction(
  name: string,
  ofArrays: (arrays: readonly (readonly Value[])[]) => Value,
  ofObjects: (objects: readonly ValueObject[]) => Value,
): EagerRow {
  return {
    name,
    signature: `${name}(collection, collection, …)`,
    minArgs: 2,
    maxArgs: unbounded,
    evaluate: (args) => {
      const arrays = args.filter(isArray)
      if (arrays.length === args.length) return ofArrays(arrays)
      const objects = args.filter(isObject)
      if (objects.length === args.length) return ofObjects(objects)
      throw new Problem(
        `the arguments must be all arrays or all objects; they are ${args.map(typeName).join(', ')}`,
      )
    },
  }
}

/** Distinct items in the order they are first seen. */
function distinct(items: Iterable<Value>): Value[] {
  const seen = new Set<string>()
  const result: Value[] = []
  for (const item of items) {
    const key = identity(item)
    if (!seen.has(key)) result.push(item)
    seen.add(key)
  }
  return result
}

/** Equal for equal values only: JSON with sorted keys (a float keeps its point, so 1 and 1.0 differ). */
function identity(value: Value): string {
  if (isArray(value)) return `[${value.map(identity).join(',')}]`
  if (!isObject(value)) return toJsonText(value)
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${identity(value[key] ?? null)}`).join(',')}}`
}

function unionObjects(objects: readonly ValueObject[]): Value {
  const result: Record<string, Value> = {}
  for (const one of objects) for (const [key, item] of Object.entries(one)) setKey(result, key, item)
  return result
}

function intersectArrays(arrays: readonly (readonly Value[])[]): Value {
  const sets = arrays.slice(1).map((items) => new Set(items.map(identity)))
  return distinct(arrays[0] ?? []).filter((item) => sets.every((set) => set.has(identity(item))))
}

function intersectObjects(objects: readonly ValueObject[]): Value {
  const result: Record<string, Value> = {}
  for (const [key, item] of Object.entries(objects[0] ?? {})) {
    if (objects.every((one) => Object.hasOwn(one, key) && equal(one[key] ?? null, item)))
      setKey(result, key, item)
  }
  return result
}

function range(start: number, count: number): Value {
  if (count < 0 || count > 100_000) throw wrong(1, 'an integer from 0 to 100000', count)
  if (start + count > 2_147_483_647) throw new Problem('the range goes beyond 2147483647')
  return Array.from({ length: count }, (_, index) => start + index)
}

function join(texts: readonly string[], delimiter: string): string {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  checkLength(length + delimiter.length * Math.max(0, texts.length - 1))
  return texts.join(delimiter)
}

function keyOf(item: Value, key: string): Value {
  const found = isObject(item) ? property(item, key) : undefined
  if (found === undefined) throw new Problem(`there is no property '${key}' in ${describe(item)}`)
  return found
}

function sorted(items: readonly Value[], key: string | null): Value {
  const of = (item: Value): Value => (key === null ? item : keyOf(item, key))
  return items.toSorted((left, right) => {
    const [a, b] = [of(left), of(right)]
    if (isNumber(a) && isNumber(b)) return compareNumbers(a, b)
    if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
    if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
    if (a === null || b === null) return Number(b === null) - Number(a === null)
    throw new Problem(
      `items must be all numbers, all strings or all booleans; there are ${describe(a)} and ${describe(b)}`,
    )
  })
}

export const collectionFunctions: readonly FunctionRow[] = [
  {
    name: 'length',
    signature: 'length(arrayOrText)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => sequenceAt(args, 0).length,
  },
  {
    name: 'empty',
    signature: 'empty(collection)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => {
      const value = at(args, 0)
      if (value === null) return true
      if (isObject(value)) return Object.keys(value).length === 0
      if (typeof value !== 'string' && !isArray(value))
        throw wrong(0, 'an array, an object or a string', value)
      return value.length === 0
    },
  },
  {
    name: 'first',
    signature: 'first(arrayOrText)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => {
      const value = sequenceAt(args, 0)
      return typeof value === 'string' ? value.slice(0, 1) : (value[0] ?? null)
    },
  },
  {
    name: 'last',
    signature: 'last(arrayOrText)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => {
      const value = sequenceAt(args, 0)
      return typeof value === 'string' ? value.slice(-1) : (value.at(-1) ?? null)
    },
  },
  {
    name: 'take',
    signature: 'take(arrayOrText, count)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => sequenceAt(args, 0).slice(0, countAt(args, 1)),
  },
  {
    name: 'skip',
    signature: 'skip(arrayOrText, count)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => sequenceAt(args, 0).slice(countAt(args, 1)),
  },
  {
    name: 'contains',
    signature: 'contains(collection, value)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => contains(at(args, 0), at(args, 1)),
  },
  {
    name: 'join',
    signature: 'join(array, delimiter)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => join(arrayAt(args, 0).map(toText), stringAt(args, 1)),
  },
  setFunction('union', (arrays) => distinct(arrays.flat()), unionObjects),
  setFunction('intersection', intersectArrays, intersectObjects),
  {
    name: 'createArray',
    signature: 'createArray(value, …)',
    minArgs: 1,
    maxArgs: unbounded,
    evaluate: (args) => [...args],
  },
  {
    name: 'array',
    signature: 'array(value)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => {
      const value = at(args, 0)
      return isArray(value) ? value : [value]
    },
  },
  {
    name: 'range',
    signature: 'range(startIndex, count)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => range(intAt(args, 0), intAt(args, 1)),
  },
  {
    name: 'sort',
    signature: 'sort(array, [key])',
    minArgs: 1,
    maxArgs: 2,
    evaluate: (args) => sorted(arrayAt(args, 0), args.length < 2 ? null : stringAt(args, 1)),
  },
  {
    name: 'reverse',
    signature: 'reverse(array)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => arrayAt(args, 0).toReversed(),
  },
  {
    name: 'chunk',
    signature: 'chunk(arrayOrText, length)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => {
      const whole = sequenceAt(args, 0)
      const size = intAt(args, 1)
      if (size < 1) throw wrong(1, 'an integer from 1', size)
      const count = Math.ceil(whole.length / size)
      return Array.from({ length: count }, (_, index) => whole.slice(index * size, (index + 1) * size))
    },
  },
]

import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import type { VariableType } from '../../adf/plan/plan.ts'
import { initialVariables, Variables } from '../../engine/variables.ts'

const types = {
  s: { type: 'String' },
  b: { type: 'Bool' },
  a: { type: 'Array' },
  i: { type: 'Integer' },
} as const
const values = { s: '', b: false, a: [], i: 0 }

describe('setting', () => {
  const text = (name: string, wanted: string, given: string) =>
    `The variable '${name}' of type '${wanted}' cannot be initialized or updated with value of type '${given}'. ` +
    `The variable '${name}' only supports values of types '${wanted}'.`

  test.each<[string, JsonValue, string | null]>([
    ['s', 'x', null],
    ['s', 1, text('s', 'String', 'Integer')],
    ['s', null, text('s', 'String', 'Null')],
    ['b', true, null],
    ['b', 'true', text('b', 'Boolean', 'String')],
    ['a', [1], null],
    ['a', {}, text('a', 'Array', 'Object')],
    ['i', 3, null],
    ['i', 1.5, text('i', 'Integer', 'Float')],
    ['S', 'names ignore case', null],
    ['z', 1, "The variable 'z' is not defined; variables are: s, b, a, i"],
  ])('%s to %j', (variable, value, message) => {
    const variables = new Variables(types, values)
    const set = () => variables.apply({ kind: 'Set', variable, value })
    if (message === null) {
      set()
      expect(variables.values()[variable.toLowerCase()]).toEqual(value)
    } else expect(set).toThrow(message)
  })
})

test('appending to what is no array is refused', () => {
  const variables = new Variables(types, values)
  expect(() => variables.apply({ kind: 'Append', variable: 's', value: 1 })).toThrow(
    "The variable 's' of type 'String' cannot be appended to; only variables of type 'Array' can",
  )
})

test('an array that was read before does not change when more is appended', () => {
  const variables = new Variables(types, values)
  const append = (value: number) => variables.apply({ kind: 'Append', variable: 'a', value })
  append(1)
  const first = variables.view()['a']
  append(2)
  append(3)
  expect(first).toEqual([1])
  expect(variables.values()['a']).toEqual([1, 2, 3])
  expect(values.a).toEqual([])
})

test('a hundred thousand appends take no quadratic time', () => {
  const variables = new Variables(types, values)
  for (let i = 0; i < 100_000; i += 1) variables.apply({ kind: 'Append', variable: 'a', value: i })
  expect(variables.values()['a']).toHaveLength(100_000)
})

test('keeps what was done in order, for a parent to repeat', () => {
  const variables = new Variables(types, values)
  const operations = [
    { kind: 'Set', variable: 's', value: 'x' },
    { kind: 'Append', variable: 'a', value: 1 },
    { kind: 'Return', values: { k: 1 } },
  ] as const
  for (const operation of operations) variables.apply(operation)
  expect(variables.operations).toEqual(operations)
  expect(variables.returnValue).toEqual({ k: 1 })
})

test.each<[VariableType, JsonValue]>([
  ['String', 1],
  ['Array', 'x'],
])('a default of another type than %s is refused', (type, defaultValue) => {
  expect(() => initialVariables({ variables: { v: { type, defaultValue } } })).toThrow(
    'cannot be initialized',
  )
})

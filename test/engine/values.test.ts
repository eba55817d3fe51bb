import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { PlannedPipeline } from '../../adf/plan/plan.ts'
import { matchingCase, requireSeconds } from '../../engine/branch.ts'
import { estimatedEvents, passEvents } from '../../engine/events.ts'
import { failError } from '../../engine/fail.ts'
import { itemsOf, laneShares } from '../../engine/lanes.ts'
import { bindParameters, withoutSecrets } from '../../engine/parameters.ts'
import { returnValues } from '../../engine/return-value.ts'
import { adfTimestamp } from '../../engine/timestamp.ts'
import { forEach, ifCondition, setVariable, wait, work } from '../support/plans.ts'

describe('parameters', () => {
  const definitions: PlannedPipeline['parameters'] = {
    text: { type: 'String', defaultValue: 'd' },
    int: { type: 'Int', defaultValue: 1 },
    float: { type: 'Float', defaultValue: 1.5 },
    bool: { type: 'Bool', defaultValue: false },
    list: { type: 'Array', defaultValue: [] },
    object: { type: 'Object', defaultValue: {} },
    secret: { type: 'SecureString', defaultValue: 's' },
  }

  test.each<[JsonObject, JsonObject]>([
    [{}, { text: 'd', int: 1, float: 1.5, bool: false, list: [], object: {}, secret: 's' }],
    [{ INT: '42' }, { int: 42 }],
    [{ bool: 'True' }, { bool: true }],
    [{ list: '[1, "a"]' }, { list: [1, 'a'] }],
    [{ object: '{"a": 1}' }, { object: { a: 1 } }],
    [{ text: 5 }, { text: '5' }],
    [{ float: 2 }, { float: 2 }],
    [{ list: null }, { list: null }],
  ])('%j gives %j', (given, expected) => {
    expect(bindParameters(definitions, given, 'p')).toMatchObject(expected)
  })

  test.each<[JsonObject, string]>([
    [{ int: '4.5' }, 'the parameter \'int\' of p must be of type Int, but is "4.5"'],
    [{ list: 'a,b' }, 'the parameter \'list\' of p must be of type Array, but is "a,b"'],
    [{ text: [1] }, "the parameter 'text' of p must be of type String, but is [1]"],
    [
      { secret: ['hush'] },
      "the parameter 'secret' of p must be of type SecureString, but is a value that is not a string",
    ],
    [
      { typo: 1 },
      "p has no parameter 'typo'; its parameters are: text, int, float, bool, list, object, secret",
    ],
  ])('%j is refused: %s', (given, message) => {
    expect(() => bindParameters(definitions, given, 'p')).toThrow(message)
  })

  test('a parameter without default must be given', () => {
    expect(() => bindParameters({ n: { type: 'Int' } }, {}, "pipeline 'p'")).toThrow(
      "pipeline 'p' needs the parameter 'n' (Int): give it or set a defaultValue",
    )
  })

  test('secrets are not shown', () => {
    expect(withoutSecrets(definitions, { text: 'a', secret: 'b' })).toEqual({ text: 'a', secret: '***' })
  })
})

describe('return values', () => {
  const typed = (type: string, content: JsonValue) => [{ key: 'k', value: { type, content } }]

  test.each<[string, JsonValue, JsonValue]>([
    ['String', 'x', 'x'],
    ['Expression', { any: 1 }, { any: 1 }],
    ['Boolean', 'true', true],
    ['Int', '42', 42],
    ['Float', 1.5, 1.5],
    ['Null', 'ignored', null],
    [
      'Array',
      [
        { type: 'String', content: 'a' },
        { type: 'String', content: 'b' },
      ],
      ['a', 'b'],
    ],
    ['Object', [{ key: 'in', value: { type: 'Int', content: 1 } }], { in: 1 }],
  ])('%s of %j is %j', (type, content, expected) => {
    expect(returnValues(typed(type, content))).toEqual({ k: expected })
  })

  test.each<[JsonValue, string]>([
    ['x', 'A return value is a list of keys and values, not "x"'],
    [typed('Int', 'x'), 'The return value \'k\' must be a number, but is "x"'],
    [typed('Date', 1), 'The return value \'k\' has type "Date"; allowed are String, Expression, Array'],
    [[{ value: { type: 'Int', content: 1 } }], 'A return value has no key'],
  ])('%j is refused', (value, message) => {
    expect(() => returnValues(value)).toThrow(message)
  })
})

test.each<[JsonValue, string | null]>([
  ['a', 'a'],
  ['A', null],
  [7, '7'],
  [true, 'true'],
])('Switch on %j takes case %j', (on, expected) => {
  const cases = ['a', '7', 'true'].map((value) => ({ value }))
  expect(matchingCase(on, cases)?.value ?? null).toBe(expected)
})

test.each<[JsonValue, number | null]>([
  [5, 5],
  ['5', 5],
  [0, 0],
  [1.5, null],
  [-1, null],
  ['x', null],
  [null, null],
])('Wait of %j seconds', (value, expected) => {
  if (expected === null)
    expect(() => requireSeconds(value, 'w')).toThrow('must evaluate to a whole number of seconds')
  else expect(requireSeconds(value, 'w')).toBe(expected)
})

test.each<[JsonValue, JsonValue, string, string]>([
  ['no', '500', '500', 'no'],
  ['no', 500, '500', 'no'],
  ['no', ' ', 'ErrorCodeNotString', 'no'],
  ['no', null, 'ErrorCodeNotString', 'no'],
  [null, '1', '1', "Fail message wasn't provided"],
  ['', '1', '1', 'Failed to interpret F fail message or error code'],
  [{ a: 1 }, '1', '1', 'Failed to interpret F fail message or error code'],
])('Fail with message %j and code %j', (message, code, errorCode, text) => {
  expect(failError('F', message, code)).toMatchObject({ errorCode, message: text, failureType: 'UserError' })
})

test.each([
  [1, 5000, [1]],
  [20, 5000, [10, 10]],
  [50, 5000, [25, 25]],
  [3, 5000, [2, 1]],
  [20, 2, [10, 10]],
])('a batchCount of %i over %i items makes lanes of %j, which add up to it', (batchCount, items, windows) => {
  const shares = laneShares(batchCount, items)
  expect(shares.map(({ window }) => window)).toEqual(windows)
  const all = Array.from({ length: items }, (_, index) => index)
  expect(shares.flatMap((share) => itemsOf(all, share)).toSorted((a, b) => a - b)).toEqual(all)
})

test('the events of one pass are estimated by what it schedules', () => {
  expect(estimatedEvents([setVariable('S', 'v', 1)])).toBe(0)
  expect(estimatedEvents([work('A'), wait('W', 1)])).toBe(12)
  expect(estimatedEvents([ifCondition('If', true, [work('A')], [work('B'), work('C')])])).toBe(12)
  expect(estimatedEvents([forEach('L', [], [work('A')])])).toBe(120)
})

test('what a pass adds to a full history counts loops inside as the lanes they become', () => {
  expect(passEvents([work('A'), setVariable('S', 'v', 1), wait('W', 1)])).toBe(12)
  expect(passEvents([forEach('L', [], [work('A'), work('B')])])).toBe(24)
  expect(passEvents([ifCondition('If', true, [forEach('L', [], [work('A')])], [work('B')])])).toBe(24)
})

test('times have seven decimals', () => {
  expect(adfTimestamp(1_763_683_200_123)).toBe('2025-11-21T00:00:00.1230000Z')
})

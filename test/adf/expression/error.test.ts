import { expect, test } from 'vitest'
import { evaluate } from '../../../adf/expression/evaluate.ts'
import { ExpressionError } from '../../../adf/expression/expression-error.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { validateExpression } from '../../../adf/expression/validate.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { environment, run, scope } from './world.ts'

function messageOf(value: JsonValue): string {
  try {
    run(value)
  } catch (error) {
    if (error instanceof ExpressionError) return error.message
    throw error
  }
  throw new Error('no error')
}

test('points at the call, says the function, the value and its type', () => {
  expect(messageOf("@concat('a', substring(5, 0))")).toMatchInlineSnapshot(`
    "substring(): the first argument must be a string; it is the Integer 5
      @concat('a', substring(5, 0))
                   ^"
  `)
})

test('shows the line of a multiline expression and where it stands in the value', () => {
  expect(messageOf({ source: { query: 'SELECT\n  @{div(1,\n 0)}\nFROM x' } })).toMatchInlineSnapshot(`
    "div(): the second argument is 0; division by zero has no result (in source.query)
        @{div(1,
          ^"
  `)
})

test.each([
  [
    "@activity('Copy').output",
    "activity(): activity 'Copy' has not run (or was skipped, or does not exist); what ran: 'Act'",
  ],
  ["@variables('w')", "variables(): there is no variable 'w'; variables are: 'V'"],
  ['@pipeline().parameters.q', "there is no property 'q'; available are: a, n, f, o, z"],
  ['@item().k.x', "property 'x' cannot be selected from a value of type Integer: 1"],
  ['@dataset().x', 'dataset(): is not available here; it is legal in datasets only'],
  ['@trigger().startTime', "trigger(): is not available here; it is legal in a trigger's parameters only"],
  ['@createArray(1)[3]', 'index 3 is outside the array; allowed are 0 to 0'],
  ["@formatDate('x')", "there is no function 'formatDate'; did you mean formatDateTime?"],
  ['@add(1)', 'add() takes 2 arguments, not 1: add(number, number)'],
  ['@utcNow(1, 2)', 'utcNow() takes 0 or 1 arguments, not 2: utcNow([format])'],
  ["@addDays('2018-01-01', 1.5)", 'addDays(): the second argument must be an integer; it is the Float 1.5'],
  [
    "@convertFromUtc('2018-01-01T00:00:00Z', 'Mars')",
    "convertFromUtc(): the second argument must be a time zone: a Windows id such as 'W. Europe Standard Time' or an IANA name such as 'Europe/Berlin'; it is the String 'Mars'",
  ],
  [
    '@concat("a")',
    "expected a function, a number, a text in single quotes, true, false or null; here stands '\"'; texts take single quotes",
  ],
  ["@concat('a'", "expected ',' or ')'; the expression ends"],
  ["@'it's'", "expected the end of the expression; here stands 's'"],
  ['@name', "expected '(' after the name 'name'; a text needs single quotes: 'name'; the expression ends"],
  ["@concat('a)", "this text has no closing quote; a quote inside a text is doubled: 'it''s'"],
  ['a @{1', "this '@{' has no '}' that closes it; write '@@{' for a plain '@{'"],
  ['@9223372036854775808', '9223372036854775808 is outside the integers of 64 bits'],
])('%s: %s', (expression, reason) => {
  expect(messageOf(expression).split('\n')[0]).toBe(reason)
})

test('is a definition error, which is never retried', () => {
  expect(() => run('@div(1, 0)')).toThrow(DefinitionError)
  expect(() => run('@div(1, 0)')).toThrow(
    expect.objectContaining({ name: 'DefinitionError', position: 1, functionName: 'div' }),
  )
})

test('item() may be null, and is an error outside loops only', () => {
  expect(run('@item()', { ...scope, item: null })).toBeNull()
  expect(() => run('@item()', { system: {} })).toThrow('item(): is not available here')
  expect(
    evaluate(
      '@trigger().outputs.windowStartTime',
      { trigger: { outputs: { windowStartTime: 't' } } },
      environment,
    ),
  ).toBe('t')
})

test('refuses nesting that would exhaust the stack', () => {
  const deep = `@${'concat('.repeat(5_000)}1${')'.repeat(5_000)}`
  expect(() => run(deep)).toThrow('nested deeper than 500 levels')
  expect(() => run(`@json('${'['.repeat(20_000)}')`)).toThrow('not JSON')
})

test('validation collects every finding of every expression without running it', () => {
  const found = validateExpression({
    a: "@contat('a', if(1), activity('later').output)",
    b: ['plain', '@concat(', { value: '@greater(1)', type: 'Expression' }],
  })
  expect(found.map((one) => `${one.path}: ${one.reason} @${one.position}`)).toEqual([
    "a: there is no function 'contat'; did you mean concat? @1",
    'a: if() takes 3 arguments, not 1: if(condition, valueIfTrue, valueIfFalse) @13',
    'b[1]: expected a function, a number, a text in single quotes, true, false or null; the expression ends @8',
    'b[2]: greater() takes 2 arguments, not 1: greater(value, than) @1',
  ])
})

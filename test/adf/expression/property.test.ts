import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../../adf/json.ts'
import { ExpressionError } from '../../../adf/expression/expression-error.ts'
import { references } from '../../../adf/expression/references.ts'
import { validateExpression } from '../../../adf/expression/validate.ts'
import { expression, noise } from './arbitrary.ts'
import { run } from './world.ts'

/** The value, or the error's text. Any other error fails the test. */
function outcome(text: string): JsonValue {
  try {
    return run({ value: text })
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.message }
    throw error
  }
}

test('an expression gives a JSON value or an ExpressionError, twice the same', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const first = outcome(text)
      expect(JSON.parse(JSON.stringify(first))).toEqual(first)
      expect(outcome(text)).toEqual(first)
    }),
    { numRuns: 1_000 },
  )
})

test('any text gives a JSON value or an ExpressionError, and validation agrees on its syntax', () => {
  fc.assert(
    fc.property(noise, (text) => {
      const result = outcome(text)
      const findings = validateExpression(text)
      if (findings.length === 0) references(text)
      else expect(result).toHaveProperty('error')
    }),
    { numRuns: 2_000 },
  )
})

test('text that is no expression comes back as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('@')),
      (text) => {
        expect(run(text)).toBe(text)
      },
    ),
  )
})

test('a text written as a literal, and JSON read by json(), come back as they are', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value).replaceAll("'", "''")
      expect(run(`@json('${text}')`)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(run(`@string('${text}')`)).toBe(JSON.stringify(value))
    }),
  )
})

test.each([
  '@trim(pipeline().parameters.blank)',
  '@float(pipeline().parameters.digits)',
  '@int(pipeline().parameters.digits)',
  '@isFloat(pipeline().parameters.digits)',
  '@json(pipeline().parameters.digits)',
  '@json(pipeline().parameters.blank)',
  '@formatDateTime(pipeline().parameters.blank)',
  '@xml(pipeline().parameters.blank)',
  '@dataUriToString(pipeline().parameters.digits)',
  '@base64ToString(pipeline().parameters.blank)',
  '@bool(pipeline().parameters.blank)',
  '@replace(pipeline().parameters.blank, pipeline().parameters.blank, pipeline().parameters.digits)',
])('%s takes linear time on a long text', (expression) => {
  const blank = `x${' '.repeat(500_000)}x`
  const digits = `${'1'.repeat(500_000)}x`
  const start = performance.now()
  try {
    run(expression, { parameters: { blank, digits } })
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionError)
  }
  expect(performance.now() - start).toBeLessThan(1_000)
})

test('data nested too deep to print is an ExpressionError', () => {
  let deep: JsonValue = 1
  for (let depth = 0; depth < 20_000; depth++) deep = [deep]
  expect(() => run('a @{pipeline().parameters.deep}', { parameters: { deep } })).toThrow(ExpressionError)
})

test.each([
  `@${'replace('.repeat(12)}'aaaaaaaaaa'${",'a','aaaaaaaaaa')".repeat(12)}`,
  "@join(range(1, 100000), join(range(1, 100000), ','))",
  `@concat(${Array.from({ length: 20 }, () => "join(range(1, 100000), ',')").join(',')})`,
])('a text that calls would multiply without bound is an ExpressionError: %.60s', (expression) => {
  expect(() => run(expression)).toThrow('the result is too large: at most 10000000 characters')
})

test('of an expression with thousands of unknown functions the first are told', () => {
  const start = performance.now()
  expect(
    validateExpression(`@concat(${Array.from({ length: 20_000 }, () => "c('')").join(',')})`),
  ).toHaveLength(20)
  expect(performance.now() - start).toBeLessThan(1_000)
})

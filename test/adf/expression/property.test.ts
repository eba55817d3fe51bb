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

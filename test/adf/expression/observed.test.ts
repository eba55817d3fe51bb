import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { functionRows } from '../../../adf/expression/function/function-table.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { run } from './world.ts'

/** Made by Microsoft's evaluator over the scope in world.ts; `npm run test:oracle` asks it again. */
export interface Observed {
  readonly expression: string
  readonly value?: JsonValue
  readonly error?: true
}

const observed = readFileSync(join(import.meta.dirname, 'observed.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Observed => JSON.parse(line))

describe("gives what Microsoft's evaluator gives", () => {
  test.each(observed)('$expression', ({ expression, value, error }) => {
    if (error === true)
      expect(() => run(expression)).toThrow(expect.objectContaining({ name: 'DefinitionError' }))
    else expect(run(expression)).toEqual(value)
  })
})

/** What only a clock, chance or a trigger answers; tested beside. */
const unasked = new Set([
  'rand',
  'utcNow',
  'getFutureTime',
  'getPastTime',
  'dataset',
  'linkedService',
  'trigger',
  'triggerBody',
])

test('every function is among the observations', () => {
  const asked = new Set(
    observed.flatMap(({ expression }) =>
      [...expression.matchAll(/([A-Za-z0-9]+)\(/g)].map((match) => match[1]?.toLowerCase()),
    ),
  )
  const missing = functionRows.map((row) => row.name).filter((name) => !asked.has(name.toLowerCase()))
  expect(missing.filter((name) => !unasked.has(name))).toEqual([])
})

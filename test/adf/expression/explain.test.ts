import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { evaluate } from '../../../adf/expression/evaluate.ts'
import { explain, type Step } from '../../../adf/expression/explain.ts'
import { toJson } from '../../../adf/expression/value.ts'

const environment = { now: () => 0, guid: () => 'g', random: () => 0.5 }
const scope = { parameters: { a: { b: [1, 2] }, none: null }, variables: {} }

/** `code: value`, errors as `✗` where they arose, one a step. */
function flat(steps: readonly Step[]): string[] {
  return steps.flatMap(({ code, outcome, steps: inner }) => {
    const text =
      outcome.kind === 'value'
        ? JSON.stringify(toJson(outcome.value))
        : outcome.kind === 'error'
          ? outcome.own
            ? '✗'
            : 'fails inside'
          : 'not evaluated'
    return [`${code}: ${text}`, ...flat(inner)]
  })
}

describe('explain', () => {
  it.each([
    ['@add(1, mul(2, 3))', ['add(1, mul(2, 3)): 7', 'mul(2, 3): 6']],
    ['@and(false, equals(1, 1))', ['and(false, equals(1, 1)): false', 'equals(1, 1): not evaluated']],
    ["@CONCAT('it''s', string(1))", ["concat('it''s', string(1)): \"it's1\"", 'string(1): "1"']],
    [
      '@pipeline().parameters.none?.x',
      [
        'pipeline().parameters.none?.x: null',
        'pipeline().parameters.none: null',
        'pipeline().parameters: {"a":{"b":[1,2]},"none":null}',
        'pipeline(): {"parameters":{"a":{"b":[1,2]},"none":null},"globalParameters":{}}',
      ],
    ],
    [
      "@concat(string(1), int('x'), string(2))",
      [
        "concat(string(1), int('x'), string(2)): fails inside",
        'string(1): "1"',
        "int('x'): ✗",
        'string(2): not evaluated',
      ],
    ],
    ["@json('{}')['a b']", ["json('{}')['a b']: ✗", "json('{}'): {}"]],
    ['no expression', []],
    ['@@add(1, 2)', []],
    ['@add(1', []],
  ])('keeps every value of %s', (expression, steps) => {
    expect(flat(explain(expression, scope, environment).steps)).toEqual(steps)
  })

  it('ends as a plain evaluation does, whatever the expression', () => {
    const leaf = fc.constantFrom(
      '1',
      "'a'",
      'null',
      'true',
      '2.5',
      'pipeline().parameters.a.b[1]',
      "variables('v')",
    )
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc
          .tuple(
            fc.constantFrom('concat', 'add', 'if', 'coalesce', 'and', 'createArray', 'noSuch'),
            fc.array(tie('expression'), { maxLength: 3 }),
          )
          .map(([name, args]) => `${name}(${args.join(', ')})`),
      ),
    }))
    fc.assert(
      fc.property(expression, fc.boolean(), (code, inText) => {
        const text = inText ? `a @{${code}} b` : `@${code}`
        const { outcome } = explain(text, scope, environment)
        const explained =
          outcome.kind === 'value'
            ? toJson(outcome.value)
            : outcome.kind === 'error'
              ? outcome.error.message
              : null
        let plain: unknown
        try {
          plain = evaluate(text, scope, environment)
        } catch (error) {
          plain = error instanceof Error ? error.message : error
        }
        expect(explained).toEqual(plain)
      }),
    )
  })
})

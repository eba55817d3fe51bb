import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import { lintRules } from '../../../adf/check/lint.ts'
import { factoryOf } from '../plan/in-memory-factory.ts'

/** `rule place` of what the rules say about activities (indented by four). */
function hits(activities: string, top = ''): string[] {
  const text = `properties:\n  variables: { v: { type: String }, all: { type: Array } }\n${top}  activities:${activities}
    - { name: use, type: SetVariable, typeProperties: { variableName: v, value: x } }
    - { name: append, type: AppendVariable, typeProperties: { variableName: all, value: x } }
`
  const [pipeline] = checkFactory(factoryOf({ 'pipeline/x.yaml': text })).pipelines
  const ids = new Set(Object.keys(lintRules))
  const errors = (pipeline?.findings ?? []).filter((one) => one.level === 'unsupported')
  expect(errors).toEqual([])
  return (pipeline?.findings ?? []).filter((one) => ids.has(one.id)).map((one) => `${one.id} ${one.place}`)
}

const wait = (name: string, ...on: string[]) =>
  `{ name: ${name}, type: Wait, dependsOn: [${on
    .map((one) => {
      const [activity, conditions] = one.split(' ')
      return `{ activity: ${activity}, dependencyConditions: [${conditions}] }`
    })
    .join(', ')}], typeProperties: { waitTimeInSeconds: 1 } }`
const fail = (name: string, on: string) =>
  wait(name, on)
    .replace('type: Wait', 'type: Fail')
    .replace('waitTimeInSeconds: 1', 'message: m, errorCode: "1"')
const list = (...activities: string[]) => activities.map((one) => `\n    - ${one}`).join('')
const forEach = (name: string, body: readonly string[], more = '', rest = '') =>
  `{ name: ${name}, type: ForEach${rest}, typeProperties: { items: "@createArray(1)"${more}, activities: [${body.join(', ')}] } }`

const cases: readonly [title: string, activities: string, hits: readonly string[]][] = [
  ['nothing is said of a plain chain', list(wait('a'), wait('b', 'a Succeeded')), []],
  [
    'a handler in the body hides the failed iteration',
    list(forEach('l', [wait('a'), wait('h', 'a Failed')])),
    ['failed-iterations-hidden activities["l"].typeProperties.activities["a"].name'],
  ],
  [
    'so does what follows on Completed',
    list(forEach('l', [wait('a'), wait('n', 'a Completed')])),
    ['failed-iterations-hidden activities["l"].typeProperties.activities["a"].name'],
  ],
  [
    'a Fail behind the handler shows it',
    list(forEach('l', [wait('a'), wait('h', 'a Failed'), fail('f', 'h Succeeded')])),
    [],
  ],
  [
    'a loop whose failure is accepted is hidden as a whole',
    list(forEach('l', [wait('a')]), wait('n', 'l Completed')),
    ['failed-iterations-hidden activities["l"].name'],
  ],
  [
    'a success branch beside the handler ends the pipeline Failed',
    list(wait('a'), wait('s', 'a Succeeded'), wait('h', 'a Failed')),
    ['do-if-else activities["h"].dependsOn'],
  ],
  [
    'not where the skipped branch is followed',
    list(wait('a'), wait('s', 'a Succeeded'), wait('h', 'a Failed'), wait('d', 's Skipped')),
    [],
  ],
  ['not where the handler alone follows', list(wait('a'), wait('h', 'a Failed')), []],
  ['not where a Fail means it', list(wait('a'), wait('s', 'a Succeeded'), fail('h', 'a Failed')), []],
  [
    'not where a Notify only tells',
    list(
      wait('a'),
      wait('s', 'a Succeeded'),
      '{ name: h, type: Notify, dependsOn: [{ activity: a, dependencyConditions: [Failed] }], typeProperties: { title: t } }',
    ),
    [],
  ],
  [
    'two failure arrows into one activity',
    list(wait('a'), wait('b'), wait('h', 'a Failed', 'b Failed')),
    ['failure-of-all activities["h"].dependsOn'],
  ],
  [
    'a variable that parallel iterations set, in a branch too',
    list(
      forEach('l', [
        '{ name: i, type: IfCondition, typeProperties: { expression: "@equals(item(), 1)", ifTrueActivities: [{ name: s, type: SetVariable, typeProperties: { variableName: v, value: "@item()" } }] } }',
      ]),
    ),
    [
      'set-variable-in-parallel-loop activities["l"].typeProperties.activities["i"].typeProperties.ifTrueActivities["s"].name',
    ],
  ],
  [
    'not where iterations follow each other, nor where they append',
    list(
      forEach(
        'l',
        ['{ name: s, type: SetVariable, typeProperties: { variableName: v, value: "@item()" } }'],
        ', isSequential: "true"',
      ),
      forEach(
        'm',
        ['{ name: t, type: SetVariable, typeProperties: { variableName: v, value: "@item()" } }'],
        ', batchCount: 1',
      ),
      forEach('n', [
        '{ name: u, type: AppendVariable, typeProperties: { variableName: all, value: "@item()" } }',
      ]),
    ),
    [],
  ],
  [
    'an Until whose test reads nothing that a round does',
    list(
      `{ name: u, type: Until, typeProperties: { expression: "@equals(variables('v'), 'x')", activities: [${wait('a')}] } }`,
    ),
    ['until-never-changes activities["u"].typeProperties.expression'],
  ],
  [
    'not where a round sets the variable, is read itself, or time passes',
    list(
      `{ name: u, type: Until, typeProperties: { expression: "@equals(variables('v'), 'x')", activities: [{ name: s, type: SetVariable, typeProperties: { variableName: v, value: x } }] } }`,
      `{ name: r, type: Until, typeProperties: { expression: "@equals(activity('q').output, 'x')", activities: [${wait('q')}] } }`,
      `{ name: t, type: Until, typeProperties: { expression: "@greater(utcNow(), variables('v'))", activities: [${wait('z')}] } }`,
    ),
    [],
  ],
]

describe('lint', () => {
  test.each(cases)('%s', (_title, activities, expected) => {
    expect(hits(activities)).toEqual(expected)
  })

  test('finds parameters and variables that nothing uses', () => {
    const top =
      '  parameters: { used: { type: Int, defaultValue: 1 }, other: { type: Int, defaultValue: 1 } }\n'
    const uses = list(
      '{ name: a, type: Wait, typeProperties: { waitTimeInSeconds: "@pipeline().parameters.USED" } }',
    )
    expect(hits(uses, top)).toEqual(['unused-parameter parameters.other'])
    expect(
      hits(
        list(wait('a')),
        top
          .replace('parameters', 'variables')
          .replace('  variables', '  runDimensions: { d: "@pipeline().parameters" }\n  parameters'),
      ),
    ).toEqual([])
  })

  test('an annotation of the pipeline leaves a rule out', () => {
    const handled = list(forEach('l', [wait('a'), wait('h', 'a Failed')]))
    expect(hits(handled, '  annotations: ["headrace-ignore: failed-iterations-hidden"]\n')).toEqual([])
  })

  test.each(Object.keys(lintRules))('%s has a page', (id) => {
    const page = join(import.meta.dirname, `../../../docs/checks/${id}.md`)
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8')).toContain(`# ${id}`)
  })
})

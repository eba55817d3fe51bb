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
  [
    'an activity that waits for both ways in which another one ends',
    list(
      wait('a'),
      wait('s', 'a Succeeded'),
      wait('h', 'a Failed'),
      wait('j', 's Succeeded', 'h Succeeded'),
      wait('k', 'j Succeeded'),
    ),
    ['do-if-else activities["h"].dependsOn', 'dependency-on-skipped-branch activities["j"].dependsOn'],
  ],
  [
    'not where it takes skipped branches, nor where several failures can come together',
    list(
      wait('a'),
      wait('s', 'a Succeeded'),
      wait('h', 'a Failed'),
      wait('j', 's Succeeded,Skipped', 'h Succeeded,Skipped'),
    ),
    [],
  ],
  [
    'what waits for the success of a Fail',
    list(fail('f', 'use Succeeded'), wait('n', 'f Succeeded')),
    ['dependency-on-skipped-branch activities["n"].dependsOn'],
  ],
  [
    'an activity that reads one which is skipped in its case',
    list(
      wait('a'),
      wait('b', 'a Succeeded'),
      '{ name: h, type: SetVariable, dependsOn: [{ activity: b, dependencyConditions: [Failed, Skipped] }], typeProperties: { variableName: v, value: "@{activity(\'b\').error.message}" } }',
    ),
    ['reads-skipped-activity activities["h"].name'],
  ],
  [
    'not where the read may be left out',
    list(
      wait('a'),
      wait('b', 'a Succeeded'),
      "{ name: h, type: SetVariable, dependsOn: [{ activity: b, dependencyConditions: [Failed, Skipped] }], typeProperties: { variableName: v, value: \"@if(equals(pipeline().RunId, 'x'), activity('b').output.z, 'y')\" } }",
    ),
    [],
  ],
  ...(
    [
      ['a constant', '@equals(1, 2)', ['never-true']],
      ['an and with a false part', "@and(equals(variables('v'), 'x'), less(2, 1))", ['never-true']],
      ['a text against a number', "@equals(variables('v'), 1)", ['never-true']],
      ['a not of what always holds', "@not(or(true, equals(variables('v'), 'x')))", ['never-true']],
      ['a length against a text', "@equals(length(variables('all')), '0')", ['never-true']],
      ['what is always true, with a false branch', "@equals('a', 'a')", ['never-true']],
      ['what a run decides', "@equals(variables('v'), 'x')", []],
      ['the clock', "@greater(utcNow(), '2020')", []],
      ['an unknown type', "@equals(activity('use').output.x, 1)", []],
    ] satisfies [string, string, string[]][]
  ).map(([title, expression, ids]): [string, string, string[]] => [
    `never-true: ${title}`,
    list(
      `{ name: i, type: IfCondition, dependsOn: [{ activity: use }], typeProperties: { expression: ${JSON.stringify(expression)}, ifTrueActivities: [${wait('t')}], ifFalseActivities: [${wait('f')}] } }`,
    ),
    ids.map((id) => `${id} activities["i"].typeProperties.expression`),
  ]),
  [
    'a Filter that lets nothing pass and an Until that ends at its timeout',
    list(
      '{ name: f, type: Filter, typeProperties: { items: "@createArray(1)", condition: "@equals(string(item()), 1)" } }',
      `{ name: u, type: Until, typeProperties: { expression: "@false", activities: [${wait('a')}] } }`,
    ),
    [
      'never-true activities["f"].typeProperties.condition',
      'until-never-ends activities["u"].typeProperties.expression',
    ],
  ],
  [
    'what ADF would refuse: nesting, iterations, timeouts, long expressions',
    list(
      forEach('l', [forEach('m', [wait('a')], ', batchCount: 60')]),
      `{ name: p, type: WebActivity, policy: { timeout: 00:01:00 }, userProperties: [${'{ name: a, value: b }, '.repeat(6)}], typeProperties: { url: "@concat('${'x'.repeat(8200)}')", method: GET } }`,
    ),
    [
      'adf-limits activities["l"].typeProperties.activities["m"].type',
      'adf-limits activities["l"].typeProperties.activities["m"].typeProperties.batchCount',
      'adf-limits activities["p"].userProperties',
      'adf-limits activities["p"].policy.timeout',
      'adf-limits activities["p"].typeProperties.url',
    ],
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

  test('so do the description of an activity and, in YAML, a comment, for that place only', () => {
    const never = (name: string, more = '') =>
      `{ name: ${name}, type: IfCondition,${more} typeProperties: { expression: "@equals(1, 2)", ifTrueActivities: [${wait(`t${name}`)}] } }`
    const described = never('d', ' description: "meant; headrace-ignore: never-true",')
    const found = hits(
      `${list(described, never('e'), `${never('f')} # headrace-ignore: never-true`)}\n    # headrace-ignore: do-if-else, never-true${list(never('g'), never('h'))}`,
    )
    expect(found).toEqual(
      ['e', 'h'].map((name) => `never-true activities["${name}"].typeProperties.expression`),
    )
  })

  test.each([
    ['no limit', 'sqlReaderQuery: "SELECT * FROM t"', true],
    ['a table as a whole', 'type: SqlServerSource', true],
    ['a limit above the cap', 'sqlReaderQuery: "SELECT TOP (9000) * FROM t"', true],
    [
      'a limit below it',
      "sqlReaderQuery: { value: \"@concat('SELECT TOP 100 * FROM ', variables('v'))\", type: Expression }",
      false,
    ],
    ['a page', 'sqlReaderQuery: "SELECT * FROM t ORDER BY id OFFSET 0 ROWS FETCH NEXT 500 ROWS ONLY"', false],
  ])('a Lookup of all rows with %s', (_title, source, told) => {
    const text = `properties: { activities: [{ name: l, type: lookup, typeProperties: { firstRowOnly: false, source: { ${source} } } }] }`
    const [pipeline] = checkFactory(factoryOf({ 'pipeline/x.yaml': text })).pipelines
    expect(pipeline?.findings.some(({ id }) => id === 'lookup-near-cap')).toBe(told)
  })

  test.each(Object.keys(lintRules))('%s has a page', (id) => {
    const page = join(import.meta.dirname, `../../../docs/checks/${id}.md`)
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8')).toContain(`# ${id}`)
  })
})

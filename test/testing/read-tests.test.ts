import { expect, test } from 'vitest'
import { formatIssue } from '../../adf/errors.ts'
import { checkTest } from '../../testing/check-test.ts'
import { readTests } from '../../testing/read-tests.ts'
import { forEach, pipeline, plan, work } from '../support/plans.ts'

const head = 'pipeline: p\ntests:\n  - name: t\n'
const end = '    expect: { status: Succeeded }\n'

function issuesOf(text: string): string[] {
  const { tests, issues } = readTests({ path: 'test/p.yaml', sha256: '', text })
  const inner = forEach('Each file', [], [work('Copy file')])
  const one = plan([pipeline('p', [inner], { variables: { found: { type: 'Array', defaultValue: [] } } })])
  for (const each of tests) checkTest(each, one)
  return issues.list().map(formatIssue)
}

test.each<[title: string, text: string, issue: string]>([
  ['a file without tests', 'pipeline: p\n', 'test/p.yaml:1 tests is required: it must be a list of tests'],
  ['a test that expects nothing', head, 'test/p.yaml:3 tests["t"].expect is required'],
  ['an expectation without an end', `${head}    expect: {}\n`, 'test/p.yaml:4 tests["t"].expect.status'],
  [
    'a status that no pipeline ends with',
    `${head}    expect: { status: Suceeded }\n`,
    'test/p.yaml:4 tests["t"].expect.status "Suceeded" is not allowed here; did you mean "Succeeded"?',
  ],
  [
    'a misspelt property',
    `${head}    stub: {}\n${end}`,
    'test/p.yaml:4 tests["t"].stub is not a property here; did you mean "stubs"?',
  ],
  [
    'a stub that says nothing',
    `${head}    stubs:\n      Copy file: {}\n${end}`,
    'test/p.yaml:5 tests["t"].stubs["Copy file"] must say either output or error, or be the text: default output',
  ],
  [
    'a stub that says both',
    `${head}    stubs:\n      Copy file: { output: 1, error: no }\n${end}`,
    'test/p.yaml:5 tests["t"].stubs["Copy file"] must say either output or error',
  ],
  [
    'a stub of an activity that is not there',
    `${head}    stubs:\n      Copy fiel: default output\n${end}`,
    'test/p.yaml:5 tests["t"].stubs["Copy fiel"] "Copy fiel" is not an activity here; did you mean "Copy file"? activities are: Each file, Copy file',
  ],
  [
    'an expected run of one that is not there',
    `${head}    expect:\n      status: Failed\n      runs: [Each file, "Copy files[0]"]\n`,
    'test/p.yaml:6 tests["t"].expect.runs[1] "Copy files[0]" is not an activity here',
  ],
  [
    'an unknown variable',
    `${head}    expect: { status: Failed, variables: { fuond: [] } }\n`,
    'tests["t"].expect.variables.fuond "fuond" is not a variable here; did you mean "found"?',
  ],
  [
    'an unknown parameter',
    `${head}    parameters: { a: 1 }\n${end}`,
    'tests["t"].parameters.a "a" is not a parameter here; there are no parameters',
  ],
  [
    'a pipeline that nothing chains',
    `${head}    expect: { status: Failed, starts: { q: {} } }\n`,
    'tests["t"].expect.starts.q "q" is not a pipeline that a ChainingTrigger starts here; there are no such pipelines',
  ],
  [
    'a wrong clock',
    `${head}    clock: today\n${end}`,
    'tests["t"].clock must be a date and time such as 2026-01-31',
  ],
  [
    'a name used twice',
    `${head}${end}  - name: t\n${end}`,
    'test/p.yaml:5 tests["t"].name "t" is the name of another test of this file too',
  ],
  ['what is no YAML', 'pipeline: [', 'test/p.yaml:1 (file) cannot be read'],
])('names file, line, place and what is allowed: %s', (_, text, issue) => {
  const found = issuesOf(text)
  expect(found.join('\n')).toContain(issue)
})

test('what a file says for all of its tests is less than what a test says', () => {
  const { tests, issues } = readTests({
    path: 'test/p.yaml',
    sha256: '',
    text: [
      'pipeline: p',
      'clock: 2026-02-01T00:00:00Z',
      'stubs: { A: { output: 1 }, B: { output: 2, takes: 1 hour } }',
      'tests:',
      '  - { name: one, expect: { status: Succeeded } }',
      '  - { name: two, clock: "2026-03-01T00:00:00Z", stubs: { b: { error: no } }, expect: { status: Failed } }',
    ].join('\n'),
  })
  expect(issues.list()).toEqual([])
  expect(tests.map(({ clock, stubs }) => [new Date(clock).toISOString(), Object.fromEntries(stubs)])).toEqual(
    [
      [
        '2026-02-01T00:00:00.000Z',
        {
          a: { kind: 'output', output: 1, takesMs: 0 },
          b: { kind: 'output', output: 2, takesMs: 3_600_000 },
        },
      ],
      [
        '2026-03-01T00:00:00.000Z',
        {
          a: { kind: 'output', output: 1, takesMs: 0 },
          b: {
            kind: 'error',
            error: { errorCode: 'Error', message: 'no', failureType: 'SystemError' },
            takesMs: 0,
          },
        },
      ],
    ],
  )
})

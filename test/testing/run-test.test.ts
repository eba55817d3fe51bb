import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { reportLines } from '../../clients/testing/report.ts'
import { coverageOf } from '../../testing/coverage.ts'
import { readTests } from '../../testing/read-tests.ts'
import type { TestResult } from '../../testing/run-test.ts'
import { passed, runTest } from '../../testing/run-test.ts'
import { forEach, pipeline, plan, work } from '../support/plans.ts'

const loop = pipeline('p', [forEach('L', [0, 1], [work('A')])])

async function run(lines: string): Promise<TestResult> {
  const text = `pipeline: p\nstubs: { A: default output, "A[5]": default output }\ntests:\n  - name: t\n${lines}`
  const { tests, issues } = readTests({ path: 'test/p.yaml', sha256: '', text })
  expect(issues.list()).toEqual([])
  const [one] = tests
  if (one === undefined) throw new Error('no test')
  return runTest(one, plan([loop]), () => setImmediate())
}

test('a stub of a try or an iteration that never came fails its test, one that stands for all tests does not', async () => {
  const good = await run('    stubs: { "A[1]": { error: no } }\n    expect: { status: Failed }\n')
  expect(passed(good)).toBe(true)
  const bad = await run(
    '    stubs: { "A[2]": { error: no }, "a#1": { error: no } }\n    expect: { status: Succeeded }\n',
  )
  expect(bad.differences).toEqual([
    { path: ['tests', 0, 'stubs', 'A[2]'], expected: 'a run of it', actual: 'it never came' },
    { path: ['tests', 0, 'stubs', 'a#1'], expected: 'a run of it', actual: 'it never came' },
  ])
})

test('colours a report only where it is told to', async () => {
  const result = await run('    expect: { status: Failed }\n')
  const steps = [...(result.run?.ran ?? []), ...(result.run?.unrun ?? [])]
  const tests = {
    all: 1,
    results: [{ ...result, milliseconds: 1 }],
    coverage: [coverageOf(loop, [steps])],
    issues: [],
  }
  expect(reportLines(tests, { hasColour: false, showMissing: true })).toEqual([
    'test/p.yaml',
    '  ✗ t 1 ms',
    '      test/p.yaml:5 tests["t"].expect.status',
    '        expected  "Failed"',
    '        actual    "Succeeded"',
    '',
    'p  activities 100 % (2/2)  branches 100 % (0/0)',
    '',
    '1 of 1 test failed in 1 ms',
  ])
  const coloured = reportLines(tests, { hasColour: true, showMissing: false })
  expect(coloured).toContain('        expected  \u001b[32m"Failed"\u001b[0m')
  expect(coloured).toContain('        actual    \u001b[31m"Succeeded"\u001b[0m')
})

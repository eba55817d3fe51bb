import { expect, test } from 'vitest'
import { branchesOf, coverageOf } from '../../testing/coverage.ts'
import { base, fail, forEach, ifCondition, pipeline, plan, wait, work } from '../support/plans.ts'
import { error, output, unitRun } from './unit.ts'

const both = pipeline('p', [
  work('A'),
  ifCondition('If', "@equals(activity('A').output.n, 1)", [work('Then')], [], { after: ['A'] }),
  wait('Always', 0, { after: [['If', 'Completed', 'Skipped']] }),
  {
    ...base('S', { after: [['A', 'Failed', 'Skipped']] }),
    type: 'Switch',
    on: "@activity('A').error.message",
    cases: [{ value: 'x', activities: [fail('X', 'no', '1')] }],
    defaultActivities: [],
  },
])

test('branches are conditions, cases and the statuses of predecessors that can come up', () => {
  expect(branchesOf(both.activities)).toEqual([
    'If after A: Succeeded',
    'If after A: otherwise',
    'If: true',
    'If: false',
    'Always after If: Succeeded',
    'Always after If: Failed',
    'Always after If: Skipped',
    'S after A: otherwise',
    'S after A: Failed',
    'S: case "x"',
    'S: default',
  ])
})

test('a test covers what ran in it and the branches that it took', async () => {
  const succeeded = await unitRun(plan([both]), { A: output({ n: 2 }) })
  expect(coverageOf(both, [[...succeeded.ran, ...succeeded.unrun]])).toEqual({
    pipeline: 'p',
    activities: { all: 6, covered: 3, missing: ['Then', 'S', 'X'] },
    branches: {
      all: 11,
      covered: 4,
      missing: [
        'If after A: otherwise',
        'If: true',
        'Always after If: Failed',
        'Always after If: Skipped',
        'S after A: Failed',
        'S: case "x"',
        'S: default',
      ],
    },
  })
  const others = await Promise.all([
    unitRun(plan([both]), { A: output({ n: 1 }), Then: error('no') }),
    unitRun(plan([both]), { A: error('x') }),
    unitRun(plan([both]), { A: error('y') }),
  ])
  const all = [succeeded, ...others].map((run) => [...run.ran, ...run.unrun])
  expect(coverageOf(both, all)).toMatchObject({ activities: { missing: [] }, branches: { missing: [] } })
})

test('an iteration sees its own predecessors only', async () => {
  const loop = pipeline('p', [forEach('L', [0, 1], [work('A'), work('B', {}, { after: ['A'] })])])
  const run = await unitRun(plan([loop]), { A: output(), 'A[1]': error('no'), B: output() })
  expect(coverageOf(loop, [[...run.ran, ...run.unrun]]).branches).toEqual({ all: 2, covered: 2, missing: [] })
})

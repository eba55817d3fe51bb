import { expect, test } from 'vitest'
import { containerError, runFailureMessage } from '../../engine/failure.ts'
import { scopeOutcome } from '../../engine/outcome.ts'
import type { SettledStatus } from '../../engine/settlement.ts'
import { type BaseOptions, work } from '../support/plans.ts'

type Row = [
  title: string,
  edges: Record<string, BaseOptions['after']>,
  Record<string, SettledStatus>,
  string,
  string[],
]

test.each<Row>([
  ['an empty scope', {}, {}, 'Succeeded', []],
  ['a handled failure', { A: [], H: [['A', 'Failed']] }, { A: 'Failed', H: 'Succeeded' }, 'Succeeded', []],
  [
    'a skipped leaf, judged by its parent',
    { A: [], S: ['A'], H: [['A', 'Failed']] },
    { A: 'Failed', S: 'Skipped', H: 'Succeeded' },
    'Failed',
    ['A'],
  ],
  [
    'a skipped leaf with two parents, of which one failed',
    { A: [], B: [], C: ['A', 'B'] },
    { A: 'Succeeded', B: 'Failed', C: 'Skipped' },
    'Failed',
    ['B'],
  ],
  [
    'skipped all the way up',
    { A: [], B: ['A'], C: ['B'] },
    { A: 'Failed', B: 'Skipped', C: 'Skipped' },
    'Failed',
    ['A'],
  ],
  ['two failed leaves, in their order', { A: [], B: [] }, { A: 'Failed', B: 'Failed' }, 'Failed', ['A', 'B']],
  ['a skipped root', { A: [] }, { A: 'Skipped' }, 'Succeeded', []],
  ['anything cancelled', { A: [], B: [] }, { A: 'Failed', B: 'Cancelled' }, 'Cancelled', []],
])('%s', (_, edges, statuses, status, failed) => {
  const activities = Object.entries(edges).map(([name, after]) => work(name, {}, { after: after ?? [] }))
  expect(scopeOutcome(activities, (name) => statuses[name] ?? 'Skipped')).toEqual({ status, failed })
})

test('a failed run names each activity that decided it, in ADF’s words', () => {
  const culprits = [
    { activity: 'A', message: 'no' },
    { activity: 'B', message: 'way' },
  ]
  expect(runFailureMessage(culprits)).toBe(
    'Operation on target A failed: no\nOperation on target B failed: way',
  )
  expect(containerError('If', culprits)).toEqual({
    errorCode: 'ActionFailed',
    message: 'Activity failed because an inner activity failed; Inner activity name: A, Error: no',
    failureType: 'UserError',
    target: 'If',
    details: culprits,
  })
})

import { expect, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import { compareRun, compareValue } from '../../testing/compare.ts'
import type { Expectation } from '../../testing/pipeline-test.ts'
import { forEach, pipeline, plan, work } from '../support/plans.ts'
import { output, unitRun } from './unit.ts'

test.each<[title: string, expected: JsonValue, actual: JsonValue, paths: string[]]>([
  ['maps by the names that are expected', { a: 1 }, { a: 1, b: 2 }, []],
  ['names regardless of case', { A: 1 }, { a: 1 }, []],
  ['maps inside maps', { a: { b: 1 } }, { a: { b: 2, c: 3 } }, ['a.b']],
  ['a name that is missing', { a: null }, {}, ['a']],
  ['lists item by item', [{ a: 1 }, { a: 2 }], [{ a: 1, b: 1 }, { a: 3 }], ['1.a']],
  ['lists of other length as a whole', [1], [1, 2], ['']],
  ['a number is not its text', 1, '1', ['']],
  ['null is not an empty map', null, {}, ['']],
])('compares %s', (_, expected, actual, paths) => {
  expect(compareValue(expected, actual, []).map(({ path }) => path.join('.'))).toEqual(paths)
})

const nothing: Expectation = {
  status: 'Succeeded',
  activities: {},
  variables: {},
  returnValue: {},
  starts: {},
}

test('order, iterations and tries are compared by name', async () => {
  const loop = forEach('L', '@range(0, 2)', [work('A', { item: '@item()' })])
  const run = await unitRun(plan([pipeline('p', [loop, work('B', {}, { after: [['L', 'Failed']] })])]), {
    A: output(),
  })
  expect(compareRun({ ...nothing, runs: ['L', 'a[0]', 'A[1]'], skipped: ['B'] }, run, [])).toEqual([])
  const wrong = compareRun(
    {
      ...nothing,
      status: 'Failed',
      runs: ['L', 'A[1]', 'A[0]', 'B'],
      skipped: [],
      activities: { 'A[1]': { input: { item: 0 } }, A: { status: 'Failed' }, 'A[7]': {} },
      variables: { v: 1 },
    },
    run,
    ['expect'],
  )
  expect(wrong.map(({ path, expected, actual }) => [path.join(' '), expected, actual])).toEqual([
    ['expect status', 'Failed', 'Succeeded'],
    ['expect runs', ['L', 'A[1]', 'A[0]', 'B'], ['L', 'A[0]', 'A[1]']],
    ['expect skipped', [], ['B']],
    ['expect activities A[1] input item', 0, 1],
    ['expect activities A status', 'Failed', 'Succeeded'],
    ['expect activities A status', 'Failed', 'Succeeded'],
    ['expect activities A[7]', 'a run of it', 'it was never due'],
    ['expect variables v', 1, undefined],
  ])
  expect(wrong[1]?.lines).toEqual([
    { side: 'both', text: 'L' },
    { side: 'expected', text: 'A[1]' },
    { side: 'both', text: 'A[0]' },
    { side: 'expected', text: 'B' },
    { side: 'actual', text: 'A[1]' },
  ])
})

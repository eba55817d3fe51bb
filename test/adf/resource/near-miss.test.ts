import { expect, test } from 'vitest'
import { nearMiss } from '../../../adf/resource/near-miss.ts'

const names = ['extract', 'merge', 'Wait', 'dependsOn']

test.each([
  ['extrat', 'extract'],
  ['MERGE', 'merge'],
  ['Wiat', 'Wait'],
  ['dependOn', 'dependsOn'],
  ['depends_on', 'dependsOn'],
  ['load', null],
  ['x', null],
  ['', null],
])('%s is meant to be %s', (name, expected) => {
  expect(nearMiss(name, names)).toBe(expected)
})

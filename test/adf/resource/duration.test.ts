import { expect, test } from 'vitest'
import { parseDuration } from '../../../adf/resource/duration.ts'

test.each([
  ['0.12:00:00', 43_200_000],
  ['7.00:00:00', 604_800_000],
  ['00:10:00', 600_000],
  ['1:02:03', 3_723_000],
  ['00:00:00.5', 500],
  ['1 hour', 3_600_000],
  ['90 s', 90_000],
  ['1.5 hours', 5_400_000],
  ['2 Days', 172_800_000],
  ['10min', 600_000],
  ['250 ms', 250],
  ['24:00:00', null],
  ['00:60:00', null],
  ['3600', null],
  ['', null],
  ['1 month', null],
  ['-1 hour', null],
  ['@variables(1)', null],
])('%s is %s ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

import { expect, test } from 'vitest'
import { windowsOf } from '../../clients/backfill/windows.ts'

test.each<[from: string, to: string, length: string, batches: string[]]>([
  ['2026-11-01', '2026-11-04', '1d', ['2026-11-01', '2026-11-02', '2026-11-03']],
  ['2026-03-29', '2026-03-30', '12h', ['20260329T000000Z-12h', '20260329T120000Z-12h']],
  ['2026-11-01T06:00', '2026-11-02T06:00Z', '1d', ['20261101T060000Z-1d']],
  ['2026-11-01T00:00:00+02:00', '2026-11-01T00:00:00Z', '2h', ['20261031T220000Z-2h']],
  ['2026-12-28', '2027-01-04', '1w', ['20261228T000000Z-1w']],
])('%s to %s by %s', (from, to, length, batches) => {
  const windows = windowsOf(from, to, length)
  expect(windows.map((window) => window.batch)).toEqual(batches)
  for (const [index, window] of windows.entries()) {
    expect(window.end).toEqual(windows[index + 1]?.start ?? window.end)
  }
})

test.each([
  [
    'yesterday',
    '2026-11-04',
    '1d',
    '--from is "yesterday"; allowed: a date or time in UTC such as 2026-11-01 or 2026-11-01T06:00:00Z',
  ],
  [
    '2026-11-01',
    '2026-13-01',
    '1d',
    '--to is "2026-13-01"; allowed: a date or time in UTC such as 2026-11-01 or 2026-11-01T06:00:00Z',
  ],
  ['2026-11-04', '2026-11-04', '1d', '--to is 2026-11-04; it must be after --from 2026-11-04'],
  [
    '2026-11-01',
    '2026-11-04',
    '2d',
    '--from 2026-11-01 to --to 2026-11-04 is no whole number of windows of 2d; the next whole one ends at 2026-11-05T00:00:00Z',
  ],
  [
    '2026-11-01',
    '2026-11-04',
    '1 day',
    '--window is "1 day"; allowed: a number with m, h, d or w, such as 1d or 6h',
  ],
  [
    '1926-11-01',
    '2026-11-01',
    '1m',
    '1926-11-01 to 2026-11-01 holds 52596000 windows of 1m; at most 100000 go into one backfill',
  ],
])('%s to %s by %s is refused', (from, to, length, message) => {
  expect(() => windowsOf(from, to, length)).toThrow(message)
})

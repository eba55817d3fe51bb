import { expect, it } from 'vitest'
import { toUtc } from '../../formats/time/local-time.ts'

it.each([
  ['2025-09-17 12:58:41', 'UTC', '2025-09-17T12:58:41.000Z'],
  ['2025-09-17 12:58:41', 'Europe/Berlin', '2025-09-17T10:58:41.000Z'],
  ['2025-01-17 12:58:41', 'America/New_York', '2025-01-17T17:58:41.000Z'],
  ['2025-09-17T12:58:41.25Z', 'Europe/Berlin', '2025-09-17T12:58:41.250Z'],
  ['2025-09-17 12:58:41+02:00', 'UTC', '2025-09-17T10:58:41.000Z'],
  ['2025-09-17', 'Asia/Kolkata', '2025-09-16T18:30:00.000Z'],
  // Summer time ends: 02:30 comes twice, the first one counts.
  ['2025-10-26 02:30:00', 'Europe/Berlin', '2025-10-26T00:30:00.000Z'],
  // Summer time begins: 02:30 does not exist, clocks show 03:30.
  ['2025-03-30 02:30:00', 'Europe/Berlin', '2025-03-30T01:30:00.000Z'],
  ['2025-03-09 02:30:00', 'America/New_York', '2025-03-09T07:30:00.000Z'],
  ['2025-02-30 00:00:00', 'UTC', null],
  ['2025-13-01 00:00:00', 'UTC', null],
  ['2025-01-01 24:00:00', 'UTC', null],
  ['17.09.2025 12:58', 'UTC', null],
  ['soon', 'UTC', null],
  // Later than four digits can say.
  ['9999-12-31 23:59:59-12:00', 'UTC', null],
  ['9999-12-31 23:59:59', 'America/New_York', null],
  ['2025-01-01 00:00:00+99:99', 'UTC', null],
])('%s in %s is %s', (text, zone, expected) => {
  expect(toUtc(text, zone)).toBe(expected)
})

it('names a zone that does not exist', () => {
  expect(() => toUtc('2025-09-17 12:58:41', 'Mars/Olympus')).toThrow(
    'scanTimeZone "Mars/Olympus" is no time zone; allowed are UTC and IANA names such as Europe/Berlin',
  )
})

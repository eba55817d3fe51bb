import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ianaOfWindows } from '../../../adf/expression/time/windows-zones.ts'
import { findZone, utcTimesOf } from '../../../adf/expression/time/zone.ts'

const source = readFileSync(
  join(import.meta.dirname, '../../../adf/expression/time/windows-zones.ts'),
  'utf8',
)
const ids = [...source.matchAll(/^([^=\n]+)=\w+\/[\w/+-]+$/gm)].map((match) => match[1] ?? '')

test('the runtime knows the zone of every Windows id', () => {
  expect(ids.length).toBeGreaterThan(130)
  expect(ids.filter((id) => ianaOfWindows(id) === null || findZone(id) === null)).toEqual([])
})

test.each([
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['w. europe standard time', 'Europe/Berlin'],
  ['India Standard Time', 'Asia/Calcutta'],
  ['UTC', 'Etc/UTC'],
  ['Europe/Berlin', null],
])('%s is %s', (id, iana) => {
  expect(ianaOfWindows(id)).toBe(iana)
})

test.each(['+02:00', '', 'Nowhere/There', 'W. Europe'])("'%s' is no zone", (id) => {
  expect(findZone(id)).toBeNull()
})

test('a local time in a spring gap has no UTC time, one in an autumn overlap has two', () => {
  const zone = findZone('Europe/Berlin')
  if (zone === null) return expect.unreachable()
  const at = (text: string): string[] =>
    utcTimesOf(zone, Date.parse(`${text}Z`)).map((ms) => new Date(ms).toISOString())
  expect(at('2018-03-25T02:30')).toEqual([])
  expect(at('2018-10-28T02:30').toSorted()).toEqual(['2018-10-28T00:30:00.000Z', '2018-10-28T01:30:00.000Z'])
  expect(at('2018-07-01T12:00')).toEqual(['2018-07-01T10:00:00.000Z'])
})

import { Problem } from '../expression-error.ts'
import { english, findCulture, type Culture } from '../time/culture.ts'
import { findFormatter } from '../time/format-timestamp.ts'
import { parseTimestamp, timestampForms } from '../time/parse-timestamp.ts'
import {
  addMonths,
  addMs,
  calendarOf,
  dateMs,
  dayMs,
  fromClock,
  ticksOf,
  type Timestamp,
} from '../time/timestamp.ts'
import { findZone, utcTimesOf, type Zone } from '../time/zone.ts'
import { integer, isInteger, type Value } from '../value.ts'
import { at, stringAt, wrong } from './argument.ts'
import type { Context, EagerRow, FunctionRow } from './function-row.ts'

function timestampAt(args: readonly Value[], index: number): Timestamp {
  const text = stringAt(args, index)
  const timestamp = parseTimestamp(text)
  if (timestamp === null) throw wrong(index, `a timestamp: ${timestampForms}`, text)
  return timestamp
}

function zoneAt(args: readonly Value[], index: number): Zone {
  const id = stringAt(args, index)
  const zone = findZone(id)
  if (zone === null) {
    throw wrong(
      index,
      "a time zone: a Windows id such as 'W. Europe Standard Time' or an IANA name such as 'Europe/Berlin'",
      id,
    )
  }
  return zone
}

/** Prints with the format at `index`, or in the round-trip form where that argument is left out. */
function print(
  timestamp: Timestamp,
  args: readonly Value[],
  index: number,
  culture: Culture = english,
): string {
  const format = args.length > index ? stringAt(args, index) : 'o'
  const formatter = findFormatter(format, culture.isEnglish)
  if (formatter === null) {
    throw wrong(
      index,
      "a .NET date format: one of its letters (d, D, o, R, s, u …) or a pattern such as 'yyyy-MM-dd HH:mm:ss'",
      format,
    )
  }
  return formatter(timestamp, culture)
}

function stepAt(args: readonly Value[], index: number): number {
  const value = at(args, index)
  if (!isInteger(value)) throw wrong(index, 'an integer', value)
  return Number(value)
}

const unitMs: Record<string, number> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: dayMs,
  week: 7 * dayMs,
}

function move(timestamp: Timestamp, step: number, unit: string): Timestamp {
  const key = unit.toLowerCase()
  let moved: Timestamp | null
  if (key === 'month') moved = addMonths(timestamp, step)
  else if (key === 'year') moved = addMonths(timestamp, step * 12)
  else {
    const size = unitMs[key]
    if (size === undefined) {
      throw new Problem(
        `the time unit '${unit}' is not known; allowed are Second, Minute, Hour, Day, Week, Month and Year`,
      )
    }
    moved = addMs(timestamp, step * size)
  }
  if (moved === null) throw new Problem(`${step} ${unit} from there lies outside the years 1 to 9999`)
  return moved
}

function add(name: string, unit: string): EagerRow {
  return {
    name,
    signature: `${name}(timestamp, ${unit}s, [format])`,
    minArgs: 2,
    maxArgs: 3,
    evaluate: (args) => print(move(timestampAt(args, 0), stepAt(args, 1), unit), args, 2),
  }
}

function moveTimestamp(name: string, sign: 1 | -1): EagerRow {
  return {
    name,
    signature: `${name}(timestamp, interval, timeUnit, [format])`,
    minArgs: 3,
    maxArgs: 4,
    evaluate: (args) => print(move(timestampAt(args, 0), sign * stepAt(args, 1), stringAt(args, 2)), args, 3),
  }
}

function moveNow(name: string, sign: 1 | -1): EagerRow {
  return {
    name,
    signature: `${name}(interval, timeUnit, [format])`,
    minArgs: 2,
    maxArgs: 3,
    evaluate: (args, context) =>
      print(move(now(context), sign * stepAt(args, 0), stringAt(args, 1)), args, 2),
  }
}

function now({ environment }: Context): Timestamp {
  return fromClock(environment.now())
}

function startOf(name: string, startMs: (timestamp: Timestamp) => number): EagerRow {
  return {
    name,
    signature: `${name}(timestamp, [format])`,
    minArgs: 1,
    maxArgs: 2,
    evaluate: (args) => {
      const timestamp = timestampAt(args, 0)
      return print({ ...timestamp, ms: startMs(timestamp), ticks: 0 }, args, 1)
    },
  }
}

function part(name: string, read: (timestamp: Timestamp) => Value): EagerRow {
  return {
    name,
    signature: `${name}(timestamp)`,
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => read(timestampAt(args, 0)),
  }
}

function floorTo(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit
}

/** In the zone's local time; only UTC keeps a Z. */
function inZone(utc: Timestamp, zone: Zone): Timestamp {
  const moved = addMs({ ...utc, kind: zone.isUtc ? 'utc' : 'none' }, zone.offsetAt(utc.ms))
  if (moved === null) throw new Problem(`the time in ${zone.id} lies outside the years 1 to 9999`)
  return moved
}

function toUtc(local: Timestamp, zone: Zone, text: string): Timestamp {
  const [first, second] = utcTimesOf(zone, local.ms)
  if (first === undefined || second !== undefined) {
    const why = first === undefined ? 'does not exist' : 'exists twice'
    throw new Problem(
      `the time ${text} ${why} in ${zone.id}: the clocks change there; give a time with an offset`,
    )
  }
  return { ...local, ms: first, kind: 'utc' }
}

function convertFromUtc(args: readonly Value[]): string {
  const timestamp = timestampAt(args, 0)
  if (timestamp.kind !== 'utc') throw wrong(0, "a timestamp in UTC that ends in 'Z'", at(args, 0))
  return print(inZone(timestamp, zoneAt(args, 1)), args, 2)
}

function convertToUtc(args: readonly Value[]): string {
  const timestamp = timestampAt(args, 0)
  const zone = zoneAt(args, 1)
  if (timestamp.kind !== 'none' && !(zone.isUtc && timestamp.kind === 'utc')) {
    throw wrong(0, `a timestamp without an offset, since the time zone ${zone.id} is given`, at(args, 0))
  }
  return print(toUtc(timestamp, zone, stringAt(args, 0)), args, 2)
}

function convertTimeZone(args: readonly Value[]): string {
  const timestamp = timestampAt(args, 0)
  const [source, target] = [zoneAt(args, 1), zoneAt(args, 2)]
  // An offset in the text says more than the source zone does.
  const utc = timestamp.kind === 'none' ? toUtc(timestamp, source, stringAt(args, 0)) : timestamp
  return print(inZone(utc, target), args, 3)
}

function formatDateTime(args: readonly Value[]): string {
  const timestamp = timestampAt(args, 0)
  if (args.length < 3) return print(timestamp, args, 1)
  const culture = findCulture(stringAt(args, 2))
  if (culture === null) throw wrong(2, "a language tag such as 'de-DE'", at(args, 2))
  return print(timestamp, args, 1, culture)
}

/** .NET's TimeSpan: `[-][d.]hh:mm:ss[.fffffff]`. */
function difference(from: Timestamp, to: Timestamp): string {
  const ticks = ticksOf(to) - ticksOf(from)
  const size = ticks < 0n ? -ticks : ticks
  const [days, inDay] = [size / 864_000_000_000n, Number(size % 864_000_000_000n)]
  const clock = [3_600, 60, 1].map((unit, index) => {
    const value = Math.floor(inDay / (unit * 10_000_000))
    return String(index === 0 ? value : value % 60).padStart(2, '0')
  })
  const fraction = inDay % 10_000_000
  const tail = fraction === 0 ? '' : `.${String(fraction).padStart(7, '0')}`
  return `${ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock.join(':')}${tail}`
}

export const dateFunctions: readonly FunctionRow[] = [
  {
    name: 'utcNow',
    signature: 'utcNow([format])',
    minArgs: 0,
    maxArgs: 1,
    evaluate: (args, context) => print(now(context), args, 0),
  },
  {
    name: 'formatDateTime',
    signature: 'formatDateTime(timestamp, [format], [locale])',
    minArgs: 1,
    maxArgs: 3,
    evaluate: formatDateTime,
  },
  add('addDays', 'day'),
  add('addHours', 'hour'),
  add('addMinutes', 'minute'),
  add('addSeconds', 'second'),
  moveTimestamp('addToTime', 1),
  moveTimestamp('subtractFromTime', -1),
  moveNow('getFutureTime', 1),
  moveNow('getPastTime', -1),
  startOf('startOfDay', ({ ms }) => floorTo(ms, dayMs)),
  startOf('startOfHour', ({ ms }) => floorTo(ms, 3_600_000)),
  startOf('startOfMonth', (timestamp) => {
    const { year, month } = calendarOf(timestamp)
    return dateMs(year, month, 1)
  }),
  part('dayOfMonth', (timestamp) => calendarOf(timestamp).day),
  part('dayOfWeek', (timestamp) => calendarOf(timestamp).weekday),
  part('dayOfYear', (timestamp) => {
    const start = dateMs(calendarOf(timestamp).year, 1, 1)
    return (floorTo(timestamp.ms, dayMs) - start) / dayMs + 1
  }),
  part('ticks', (timestamp) => integer(ticksOf(timestamp))),
  {
    name: 'convertFromUtc',
    signature: 'convertFromUtc(timestamp, timeZone, [format])',
    minArgs: 2,
    maxArgs: 3,
    evaluate: convertFromUtc,
  },
  {
    name: 'convertToUtc',
    signature: 'convertToUtc(timestamp, timeZone, [format])',
    minArgs: 2,
    maxArgs: 3,
    evaluate: convertToUtc,
  },
  {
    name: 'convertTimeZone',
    signature: 'convertTimeZone(timestamp, sourceTimeZone, targetTimeZone, [format])',
    minArgs: 3,
    maxArgs: 4,
    evaluate: convertTimeZone,
  },
  {
    name: 'dateDifference',
    signature: 'dateDifference(from, to)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => difference(timestampAt(args, 0), timestampAt(args, 1)),
  },
]

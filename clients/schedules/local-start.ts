import { findZone, utcTimesOf, type Zone } from '../../adf/expression/time/zone.ts'
import { ianaOfWindows } from '../../adf/expression/time/windows-zones.ts'

/** A recurrence's clock: the zone that it follows, and its first time on that zone's clocks. */
export interface LocalStart {
  /** IANA name, as Temporal wants it. */
  readonly timeZone: string
  /** Whether the zone's clocks are never put forward or back. */
  readonly isFixed: boolean
  readonly utc: Date
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  /** 0: Sunday. */
  readonly weekDay: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** A time zone or a time that has no meaning; the message says what is allowed. */
export class ClockError extends Error {
  override readonly name = 'ClockError'
}

/** `startTime` with the zone that counts: a trailing `Z` or offset makes it UTC whatever `timeZone` says, as in ADF. */
export function localStart(startTime: string, timeZone: string): LocalStart {
  const isAbsolute = hasOffset(startTime)
  const zone = zoneOf(isAbsolute ? 'UTC' : timeZone)
  const utc = instantOf(startTime, zone)
  const local = new Date(utc.getTime() + zone.offsetAt(utc.getTime()))
  return {
    timeZone: ianaOfWindows(zone.id) ?? zone.id,
    isFixed: isFixed(zone, utc),
    utc,
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekDay: local.getUTCDay(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  }
}

/** The instant of an ISO 8601 text, local to a Windows or IANA zone where it has no offset of its own. */
export function instantIn(text: string, timeZone: string): Date {
  return instantOf(text, zoneOf(timeZone))
}

function zoneOf(timeZone: string): Zone {
  const zone = findZone(timeZone)
  if (zone === null) {
    throw new ClockError(
      `${JSON.stringify(timeZone)} is no time zone; allowed: a Windows name such as "W. Europe Standard Time" or an IANA name such as "Europe/Berlin"`,
    )
  }
  return zone
}

function instantOf(text: string, zone: Zone): Date {
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text
  if (hasOffset(full)) return new Date(full)
  const [utc] = utcTimesOf(zone, Date.parse(`${full}Z`)).toSorted((one, other) => one - other)
  if (utc === undefined)
    throw new ClockError(
      `${text} does not exist in ${zone.id}: clocks are put forward over it; name another time`,
    )
  return new Date(utc)
}

function hasOffset(text: string): boolean {
  return /T.*(Z|[+-]\d\d:\d\d)$/i.test(text)
}

function isFixed(zone: Zone, from: Date): boolean {
  const quarter = 91 * 86_400_000
  const offsets = Array.from({ length: 12 }, (_, index) => zone.offsetAt(from.getTime() + index * quarter))
  return new Set(offsets).size === 1
}

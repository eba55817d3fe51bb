import { dateMs } from './timestamp.ts'
import { ianaOfWindows } from './windows-zones.ts'

/** A time zone with all its changes, from the runtime's own zone data. */
export interface Zone {
  /** As asked for. */
  readonly id: string
  readonly isUtc: boolean
  /** Milliseconds that local time is ahead of UTC at that UTC time. */
  offsetAt(utcMs: number): number
}

const zones = new Map<string, Zone | null>()

/** A zone by Windows id (`W. Europe Standard Time`) or IANA name (`Europe/Berlin`), in any case; null where unknown. */
export function findZone(id: string): Zone | null {
  const key = id.toLowerCase()
  let zone = zones.get(key)
  if (zone === undefined) {
    zone = makeZone(id)
    if (zones.size >= 500) zones.clear()
    zones.set(key, zone)
  }
  return zone
}

function makeZone(id: string): Zone | null {
  // An offset such as +02:00 is no zone to ADF, though it is one to Intl.
  if (!/^[A-Za-z]/.test(id)) return null
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: ianaOfWindows(id) ?? id,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
  // By its name alone, as in .NET: other names of the same time give results without a Z.
  const isUtc = id.toLowerCase() === 'utc'
  return { id, isUtc, offsetAt: (utcMs) => (isUtc ? 0 : offsetBy(format, utcMs)) }
}

/** Before 1800 every zone has its local mean time, whatever the year. */
const oldestMs = dateMs(1800, 1, 1)

function offsetBy(format: Intl.DateTimeFormat, utcMs: number): number {
  const second = Math.floor(Math.max(utcMs, oldestMs) / 1_000) * 1_000
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(second)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts
  const offset = dateMs(year, month, day) + hour * 3_600_000 + minute * 60_000 + seconds * 1_000 - second
  // .NET knows whole minutes only; local mean times of old have seconds.
  return Math.ceil(offset / 60_000) * 60_000
}

/** The UTC times at which clocks of the zone read `localMs`: one; none in a spring gap; two in an autumn overlap. */
export function utcTimesOf(zone: Zone, localMs: number): number[] {
  const day = 86_400_000
  const offsets = new Set([zone.offsetAt(localMs - day), zone.offsetAt(localMs + day)])
  return [...offsets].map((offset) => localMs - offset).filter((utc) => utc + zone.offsetAt(utc) === localMs)
}

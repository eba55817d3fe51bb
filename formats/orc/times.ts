import { DataError } from '../data-error.ts'
import type { Whole } from './integers.ts'

/** Seconds from 1970 to 2015, where ORC's timestamps begin. */
export const epochSeconds = 1_420_070_400

/** `YYYY-MM-DD` of days since 1970. */
export function dateText(day: number): string {
  return dayText(day)
}

/** ISO 8601 of seconds since 1970 with a fraction of six digits, or nine where the last three say something. */
export function timestampText(seconds: number, nanos: number): string {
  // Writers round the seconds of times before 1970 towards it where there is a fraction of more than a millisecond. The C++ library rounds
  // the fraction too, which then is negative.
  const isRounded = nanos < 0 || (seconds < 0 && nanos > 999_999)
  const digits = (nanos < 0 ? nanos + 1_000_000_000 : nanos).toString().padStart(9, '0')
  const fraction = digits.endsWith('000') ? digits.slice(0, 6) : digits
  return `${isoText(isRounded ? seconds - 1 : seconds)}.${fraction}`
}

/** A fraction of a second as it is stored: trailing zeros are counted in the last three bits. */
export function nanosOf(stored: Whole): number {
  // Negative ones stand as unsigned numbers of 64 bits.
  const value = typeof stored === 'number' ? stored : Number(BigInt.asIntN(64, stored))
  const zeros = ((value % 8) + 8) % 8
  const nanos = Math.floor(value / 8) * (zeros === 0 ? 1 : 10 ** (zeros + 1))
  if (Math.abs(nanos) > 999_999_999)
    throw new DataError(`a fraction of a second of it has ${nanos} nanoseconds`)
  return nanos
}

/**
 * Seconds on the clock of a zone, counted as if it were UTC, of an instant in seconds. Throws a DataError where the zone has no such name.
 */
export function clockOf(zone: string): (seconds: number) => number {
  if (zone === '' || zone === 'UTC' || zone === 'GMT' || zone === 'Etc/UTC') return (seconds) => seconds
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch (cause) {
    throw new DataError(`its timestamps were written in the zone ${JSON.stringify(zone)}, which is none`, {
      cause,
    })
  }
  const cache = new Map<number, number>()
  return (seconds) => {
    // Offsets change at whole quarters of an hour.
    const quarter = Math.floor(seconds / 900)
    let offset = cache.get(quarter)
    if (offset === undefined) {
      offset = offsetOf(format, quarter * 900)
      if (cache.size > 10_000) cache.clear()
      cache.set(quarter, offset)
    }
    return seconds + offset
  }
}

/** East of Greenwich, in seconds: `GMT-08:00`, `GMT`, `GMT+00:53:28`. */
function offsetOf(format: Intl.DateTimeFormat, seconds: number): number {
  const text = format.formatToParts(checked(seconds)).find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours, minutes, rest] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text ?? '') ?? []
  const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0)
  return sign === '-' ? -offset : offset
}

function isoText(seconds: number): string {
  const day = Math.floor(seconds / 86_400)
  const within = seconds - day * 86_400
  const [hours, minutes] = [Math.floor(within / 3600), Math.floor((within % 3600) / 60)]
  return `${dayText(day)}T${twoDigits[hours] ?? ''}:${twoDigits[minutes] ?? ''}:${twoDigits[within % 60] ?? ''}`
}

const twoDigits = Array.from({ length: 60 }, (_, number) => number.toString().padStart(2, '0'))

/** Days that were asked for lately: a calendar is dear, and times of one column are near each other. */
const days = new Map<number, string>()

function dayText(day: number): string {
  const known = days.get(day)
  if (known !== undefined) return known
  const text = checked(day * 86_400)
    .toISOString()
    .slice(0, 10)
  if (days.size > 10_000) days.clear()
  days.set(day, text)
  return text
}

function checked(seconds: number): Date {
  const date = new Date(seconds * 1000)
  const year = date.getUTCFullYear()
  if (!(year >= 1 && year <= 9999))
    throw new DataError(
      `a time of it is ${seconds} seconds from 1970, in no year from 1 to 9999: no date of ADF's types`,
    )
  return date
}

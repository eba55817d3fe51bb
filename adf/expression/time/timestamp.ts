/** A point in time as the language handles it: a calendar reading with .NET's precision of 100 ns. */
export interface Timestamp {
  /** Whole milliseconds of the reading since 1970, as if it were UTC. */
  readonly ms: number
  /** Ticks of 100 ns beyond `ms`, 0 to 9999. */
  readonly ticks: number
  /**
   * utc: written with Z. none: no offset given, none is printed. offset: written with an offset; it is converted to UTC and
   * printed with +00:00.
   */
  readonly kind: 'utc' | 'none' | 'offset'
}

/** 0001-01-01 and the end of 9999, the range of .NET, in ms since 1970. */
export const earliestMs = -62_135_596_800_000
export const latestMs = 253_402_300_799_999

const epochTicks = 621_355_968_000_000_000n

/** Ticks of 100 ns since 0001-01-01. */
export function ticksOf(timestamp: Timestamp): bigint {
  return epochTicks + BigInt(timestamp.ms) * 10_000n + BigInt(timestamp.ticks)
}

/** From the environment's clock: ms since 1970, whose fraction carries ticks. */
export function fromClock(now: number): Timestamp {
  const ms = Math.floor(now)
  return { ms, ticks: Math.min(9_999, Math.max(0, Math.round((now - ms) * 10_000))), kind: 'utc' }
}

/** Parts of the calendar reading. */
export interface Calendar {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Ticks of 100 ns within the second, 0 to 9999999. */
  readonly fraction: number
  /** Sunday = 0. */
  readonly weekday: number
}

export const dayMs = 86_400_000

/** Days to calendar date by arithmetic (H. Hinnant's civil_from_days): far faster than a Date. */
export function calendarOf({ ms, ticks }: Timestamp): Calendar {
  const days = Math.floor(ms / dayMs)
  const inDay = ms - days * dayMs
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(inDay / 3_600_000),
    minute: Math.floor(inDay / 60_000) % 60,
    second: Math.floor(inDay / 1_000) % 60,
    fraction: (inDay % 1_000) * 10_000 + ticks,
    weekday: (((days + 4) % 7) + 7) % 7,
  }
}

/** Milliseconds since 1970 of a date; no check. */
export function dateMs(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * dayMs
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Null where the result leaves the years 1 to 9999. */
export function addMs(timestamp: Timestamp, ms: number): Timestamp | null {
  const moved = timestamp.ms + ms
  return moved >= earliestMs && moved <= latestMs ? { ...timestamp, ms: moved } : null
}

/** Adds months; a day that the month does not have becomes its last one. Null outside the years 1 to 9999. */
export function addMonths(timestamp: Timestamp, months: number): Timestamp | null {
  const { year, month, day } = calendarOf(timestamp)
  const count = year * 12 + (month - 1) + months
  const target = { year: Math.floor(count / 12), month: (((count % 12) + 12) % 12) + 1 }
  if (!(target.year >= 1 && target.year <= 9999)) return null
  const clamped = Math.min(day, daysInMonth(target.year, target.month))
  const inDay = ((timestamp.ms % dayMs) + dayMs) % dayMs
  return { ...timestamp, ms: dateMs(target.year, target.month, clamped) + inDay }
}

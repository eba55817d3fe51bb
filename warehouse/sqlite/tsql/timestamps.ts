import { DataError } from '../../errors.ts'

/**
 * Times as the stand-in keeps them: ISO text `2026-11-21T09:30:00`, with a fraction only where there is one, without a zone. Such text sorts
 * as time does. All clocks are UTC, as in Azure SQL.
 */
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i
const american = /^(\d\d?)\/(\d\d?)\/(\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(AM|PM)?)?$/i
const compact = /^(\d{4})(\d\d)(\d\d)(?:\s+(\d\d):(\d\d)(?::(\d\d))?)?$/

/** Whole milliseconds since 1970 and the 100 ns beyond them. */
export interface Instant {
  readonly ms: number
  readonly ticks: number
}

/** Reads ISO text, `yyyyMMdd` and SQL Server's US form; null where it is none. A zone is turned into UTC. */
export function readInstant(text: string): Instant | null {
  const trimmed = text.trim()
  const found = iso.exec(trimmed)
  if (found !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = found
    const instant = build([year, month, day, hour, minute, second], fraction)
    return instant === null ? null : { ...instant, ms: instant.ms - zoneMs(zone) }
  }
  const us = american.exec(trimmed)
  if (us !== null) {
    const [, month, day, year, hour, minute, second, fraction, half] = us
    const hours =
      half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0)
    return build([year, month, day, hour === undefined ? hour : String(hours), minute, second], fraction)
  }
  const [, ...parts] = compact.exec(trimmed) ?? []
  return parts.length === 0 ? null : build(parts, undefined)
}

function build(parts: readonly (string | undefined)[], fraction: string | undefined): Instant | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  )
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  if (time.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || second > 59) return null
  const digits = (fraction ?? '').padEnd(7, '0').slice(0, 7)
  time.setUTCHours(hour, minute, second, Number(digits.slice(0, 3)))
  return { ms: time.getTime(), ticks: Number(digits.slice(3)) }
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

/** `2026-11-21T09:30:00[.fffffff]` */
export function instantText({ ms, ticks }: Instant): string {
  const text = new Date(ms).toISOString()
  const fraction = `${text.slice(-4, -1)}${ticks.toString().padStart(4, '0')}`.replace(/0+$/, '')
  return `${text.slice(0, -5)}${fraction === '' ? '' : `.${fraction}`}`
}

const fullTime =
  /^(\d{4}-\d\d-\d\d[T ]+\d\d:\d\d:\d\d(\.\d{1,9})?Z?|\d\d?\/\d\d?\/\d{4} \d\d?:\d\d(:\d\d)?( [AP]M)?)$/i

/** A literal that is a date with a time of day, in the form in which times are kept; null: it is none. */
export function timestampLiteral(text: string): string | null {
  if (!fullTime.test(text)) return null
  const instant = readInstant(text)
  return instant === null ? null : instantText(instant)
}

/** SQL Server's names of the parts of a date. */
const parts: Readonly<Record<string, string>> = {
  year: 'year',
  yy: 'year',
  yyyy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  week: 'week',
  wk: 'week',
  ww: 'week',
  day: 'day',
  dd: 'day',
  d: 'day',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  weekday: 'weekday',
  dw: 'weekday',
  w: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
}

const partMs: Readonly<Record<string, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  dayofyear: 86_400_000,
  weekday: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

function partOf(name: string): string {
  const part = parts[name.toLowerCase()]
  if (part === undefined)
    throw new DataError(
      `${JSON.stringify(name)} is no part of a date; parts are: year, quarter, month, week, day, dayofyear, weekday, hour, minute, second, millisecond`,
    )
  return part
}

/** DATEADD. A day that the month does not have becomes its last. */
export function addToDate(name: string, count: number, to: Instant): Instant {
  const part = partOf(name)
  const ms = partMs[part]
  if (ms !== undefined) return { ms: to.ms + Math.trunc(count) * ms, ticks: to.ticks }
  const months = Math.trunc(count) * (part === 'year' ? 12 : part === 'quarter' ? 3 : 1)
  const time = new Date(to.ms)
  const day = time.getUTCDate()
  time.setUTCDate(1)
  time.setUTCMonth(time.getUTCMonth() + months)
  const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate()
  time.setUTCDate(Math.min(day, last))
  return { ms: time.getTime(), ticks: to.ticks }
}

/** DATEDIFF: how many borders of the part lie between, as SQL Server counts. Weeks begin on Sunday. */
export function dateDifference(name: string, from: Instant, to: Instant): number {
  const part = partOf(name)
  const months = (one: Instant): number =>
    new Date(one.ms).getUTCFullYear() * 12 + new Date(one.ms).getUTCMonth()
  if (part === 'year') return new Date(to.ms).getUTCFullYear() - new Date(from.ms).getUTCFullYear()
  if (part === 'quarter') return Math.floor(months(to) / 3) - Math.floor(months(from) / 3)
  if (part === 'month') return months(to) - months(from)
  const ms = partMs[part] ?? 1
  // 1970-01-01 was a Thursday.
  const shift = part === 'week' ? 4 * 86_400_000 : 0
  return Math.floor((to.ms + shift) / ms) - Math.floor((from.ms + shift) / ms)
}

/** DATEPART. Monday is weekday 2, as with SQL Server's US English default. */
export function datePart(name: string, of: Instant): number {
  const time = new Date(of.ms)
  const startOfYear = Date.UTC(time.getUTCFullYear(), 0, 1)
  switch (partOf(name)) {
    case 'year':
      return time.getUTCFullYear()
    case 'quarter':
      return Math.floor(time.getUTCMonth() / 3) + 1
    case 'month':
      return time.getUTCMonth() + 1
    case 'day':
      return time.getUTCDate()
    case 'dayofyear':
      return Math.floor((of.ms - startOfYear) / 86_400_000) + 1
    case 'week':
      return dateDifference('week', { ms: startOfYear, ticks: 0 }, of) + 1
    case 'weekday':
      return time.getUTCDay() + 1
    case 'hour':
      return time.getUTCHours()
    case 'minute':
      return time.getUTCMinutes()
    case 'second':
      return time.getUTCSeconds()
    default:
      return time.getUTCMilliseconds()
  }
}

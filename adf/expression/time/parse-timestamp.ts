import { addMs, dateMs, dayMs, daysInMonth, type Timestamp } from './timestamp.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

const offsetPart = String.raw`\s*(Z|[+-]\d\d(?::?\d\d)?)?`
const iso = new RegExp(
  String.raw`^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,16}))?)?)?${offsetPart})?$`,
  'i',
)

/** Hour, minute, second, fraction, AM or PM, offset: minutes may be missing only beside AM or PM. */
const clock = String.raw`(?:\s+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,16}))?)?|(?=\s*[AP]M))\s*(AM|PM)?\s*(Z|GMT|[+-]\d\d?(?::?\d\d)?)?)?`
const weekdays = 'sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?'

/** Forms besides ISO 8601, each with the groups `y`, `m` or `name`, `d` and the clock's six. */
const forms = [
  String.raw`(?<y>\d{4})[/.-](?<m>\d{1,2})(?:[/.-](?<d>\d{1,2}))?`,
  String.raw`(?<m>\d{1,2})[/.-](?<d>\d{1,2})[/.-](?<y>\d{4}|\d\d)`,
  String.raw`(?<m>\d{1,2})[/-](?<y>\d{4})`,
  String.raw`(?:(?<w>${weekdays})\s*,?\s+)?(?<d>\d{1,2})[ -](?<name>[a-z]{3,9})[ ,-]+(?<y>\d{4})`,
  String.raw`(?:(?<w>${weekdays})\s*,?\s+)?(?<name>[a-z]{3,9})\s+(?<d>\d{1,2})\s*,?\s+(?<y>\d{4})`,
  String.raw`(?<name>[a-z]{3,9})\s+(?<y>\d{4})`,
  String.raw`(?<y>\d{4})[ -](?<name>[a-z]{3,9})[ -](?<d>\d{1,2})`,
].map((form) => new RegExp(`^${form}${clock}$`, 'i'))

/** What the language takes for a timestamp, in words for messages. */
export const timestampForms =
  "ISO 8601 such as '2018-03-15T13:27:36Z' (also '2018-03-15', '03/15/2018 1:27 PM', 'Thu, 15 Mar 2018 13:27:36 GMT')"

/**
 * Reads a timestamp as the engine does (.NET with en-US, month first); null where the text is none. What would take the
 * rest of the date from the clock (`13:27`, `March 15`) is none here.
 */
export function parseTimestamp(text: string): Timestamp | null {
  // No timestamp is longer, and the patterns below are not made for long texts.
  if (text.length > 100) return null
  const trimmed = text.trim()
  const match = iso.exec(trimmed)
  if (match !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = match
    return build(year, Number(month), day, [hour, minute, second, fraction, undefined, offset])
  }
  for (const form of forms) {
    const found = form.exec(trimmed)
    if (found === null) continue
    const { y, m, d, w, name } = found.groups ?? {}
    const timestamp = build(fullYear(y), m === undefined ? monthNumber(name) : Number(m), d, found.slice(-6))
    if (timestamp === null || w === undefined) return timestamp
    return isWeekday(timestamp, w) ? timestamp : null
  }
  return null
}

/** Two digits mean 1930 to 2029, as in .NET. */
function fullYear(text = ''): string {
  return text.length === 2 ? `${Number(text) > 29 ? 19 : 20}${text}` : text
}

function isWeekday({ ms }: Timestamp, name: string): boolean {
  const day = (((Math.floor(ms / dayMs) + 4) % 7) + 7) % 7
  return ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][day] === name.slice(0, 3).toLowerCase()
}

/** 0 for what is no month. */
function monthNumber(name: string | undefined): number {
  const lower = (name ?? '').toLowerCase()
  return (lower.length === 3 ? months : monthNames).indexOf(lower) + 1
}

function build(
  yearText: string | undefined,
  month: number,
  dayText: string | undefined,
  time: readonly (string | undefined)[],
): Timestamp | null {
  const [hourText, minuteText, secondText, fractionText, half, offset] = time
  const [year, day] = [Number(yearText), Number(dayText ?? 1)]
  const [minute, second] = [Number(minuteText ?? 0), Number(secondText ?? 0)]
  let hour = Number(hourText ?? 0)
  if (half !== undefined) {
    const isPm = half.toUpperCase() === 'PM'
    if (hour > 12 && !isPm) return null
    hour = (hour % 12) + (isPm ? 12 : 0)
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  // Seven digits are kept; what follows rounds, as .NET does.
  const fraction = fractionText === undefined ? 0 : Math.round(Number(`0.${fractionText}`) * 10_000_000)
  const ms = dateMs(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1_000
  return withOffset(
    { ms: ms + Math.floor(fraction / 10_000), ticks: fraction % 10_000, kind: 'none' },
    offset,
  )
}

function withOffset(local: Timestamp, offset: string | undefined): Timestamp | null {
  if (offset === undefined) return local
  const match = /^([+-])(\d\d?):?(\d\d)?$/.exec(offset)
  if (match === null) return { ...local, kind: 'utc' }
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  if (minutes > 14 * 60) return null
  return addMs({ ...local, kind: 'offset' }, (match[1] === '-' ? minutes : -minutes) * 60_000)
}

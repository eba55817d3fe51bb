import { addMs, dateMs, daysInMonth, type Timestamp } from './timestamp.ts'

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

const iso =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:(T)(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,16}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/
const clock = String.raw`(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,16}))?)?\s*(AM|PM)?\s*(Z|GMT|UTC|[+-]\d\d?(?::?\d\d)?)?)?`
const monthFirst = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})${clock}$`, 'i')
const yearFirst = new RegExp(String.raw`^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})${clock}$`, 'i')
const weekday = String.raw`^(?:(?:sun|mon|tue|tues|wednes|wed|thu|thurs|fri|satur|sat)(?:day)?\s*,?\s+)?`
const dayNamed = new RegExp(String.raw`${weekday}(\d{1,2})[ -]([a-z]{3,9})\.?[ ,-]+(\d{4})${clock}$`, 'i')
const monthNamed = new RegExp(String.raw`${weekday}([a-z]{3,9})\.?\s+(\d{1,2})\s*,?\s+(\d{4})${clock}$`, 'i')

/** What the language takes for a timestamp, in words for messages. */
export const timestampForms =
  "ISO 8601 such as '2018-03-15T13:27:36Z' (also '2018-03-15', '03/15/2018 1:27 PM', 'Thu, 15 Mar 2018 13:27:36 GMT')"

/** Reads a timestamp as the engine does (.NET with en-US, month first); null where the text is none. */
export function parseTimestamp(text: string): Timestamp | null {
  const match = iso.exec(text)
  if (match !== null) {
    const [, year, month, day = '1', , hour, minute, second, fraction, offset] = match
    return build(year, Number(month), day, [hour, minute, second, fraction, undefined, offset])
  }
  const trimmed = text.trim()
  if (trimmed !== text) {
    const again = iso.test(trimmed) ? parseTimestamp(trimmed) : null
    if (again !== null) return again
  }
  const yearly = yearFirst.exec(trimmed)
  if (yearly !== null) return build(yearly[1], Number(yearly[2]), yearly[3], yearly.slice(4))
  const american = monthFirst.exec(trimmed)
  if (american !== null) return build(american[3], Number(american[1]), american[2], american.slice(4))
  const dayed = dayNamed.exec(trimmed)
  if (dayed !== null) return build(dayed[3], monthNumber(dayed[2]), dayed[1], dayed.slice(4))
  const monthed = monthNamed.exec(trimmed)
  if (monthed !== null) return build(monthed[3], monthNumber(monthed[1]), monthed[2], monthed.slice(4))
  return null
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
  const [year, day] = [Number(yearText), Number(dayText)]
  const [minute, second] = [Number(minuteText ?? 0), Number(secondText ?? 0)]
  let hour = Number(hourText ?? 0)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null
    hour = (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0)
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

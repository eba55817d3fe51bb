const pattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/

const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * UTC (ISO 8601, `…Z`) of a timestamp as scanning PCs write it: `2025-09-17 12:58:41`, local time of `zone` (IANA) unless it carries an
 * offset. An hour that summer time repeats is taken the first time; one that it skips is moved forward. Null: no such time.
 */
export function toUtc(text: string, zone: string): string | null {
  const match = pattern.exec(text.trim())
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const fraction = (match[7] ?? '').padEnd(3, '0').slice(0, 3)
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Number(fraction))
  const check = new Date(local)
  const isReal =
    year >= 1900 &&
    check.getUTCMonth() === month - 1 &&
    check.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  if (!isReal) return null
  const offset = match[8]
  const instant = offset === undefined ? fromZone(local, zone) : local - offsetMs(offset)
  // NaN: an offset that no clock has. A time after the year 9999 cannot be written with four digits.
  return instant <= latest ? new Date(instant).toISOString() : null
}

function offsetMs(text: string): number {
  if (text.toUpperCase() === 'Z') return 0
  const sign = text.startsWith('-') ? -1 : 1
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))]
  return hours <= 14 && minutes < 60 ? sign * (hours * 60 + minutes) * 60_000 : NaN
}

/** Wall clock time, given as if it were UTC, to the instant when clocks of the zone show it. */
function fromZone(local: number, zone: string): number {
  // Offsets a day around cover a change of summer time on either side of the time asked for.
  const day = 86_400_000
  const offsets = [zoneOffset(local - day, zone), zoneOffset(local + day, zone)]
  const candidates = offsets.map((offset) => local - offset)
  const shown = candidates.filter((instant) => instant + zoneOffset(instant, zone) === local)
  // In a gap no candidate shows the time; the offset before the gap moves it forward, as clocks do.
  return shown.length > 0 ? Math.min(...shown) : local - (offsets[0] ?? 0)
}

/** Milliseconds that clocks of the zone are ahead of UTC at an instant. */
function zoneOffset(instant: number, zone: string): number {
  const format = formats.get(zone) ?? makeFormat(zone)
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - Math.floor(instant / 1000) * 1000
}

function makeFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    throw new RangeError(
      `scanTimeZone ${JSON.stringify(zone)} is no time zone; allowed are UTC and IANA names such as Europe/Berlin`,
      { cause: error },
    )
  }
}

/** Names that a date format needs. */
export interface Culture {
  readonly months: readonly string[]
  readonly shortMonths: readonly string[]
  readonly days: readonly string[]
  readonly shortDays: readonly string[]
  readonly dateSeparator: string
  readonly isEnglish: boolean
}

export const english: Culture = {
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  shortMonths: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  shortDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  dateSeparator: '/',
  isEnglish: true,
}

const cultures = new Map<string, Culture | null>([['en-us', english]])

/** The culture of a tag such as `de-DE`; null where there is none of that name. */
export function findCulture(tag: string): Culture | null {
  const key = tag.toLowerCase()
  const known = cultures.get(key)
  if (known !== undefined) return known
  const made = makeCulture(tag)
  if (cultures.size < 200) cultures.set(key, made)
  return made
}

function makeCulture(tag: string): Culture | null {
  try {
    if (Intl.DateTimeFormat.supportedLocalesOf(tag).length === 0) return null
  } catch {
    return null
  }
  const name = (options: Intl.DateTimeFormatOptions, month: number, day: number, part: string): string =>
    new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options })
      .formatToParts(Date.UTC(2023, month, day))
      .find((one) => one.type === part)?.value ?? ''
  const twelve = Array.from({ length: 12 }, (_, index) => index)
  // 1 January 2023 is a Sunday. With a day beside it a month takes the form it has inside a date.
  const seven = Array.from({ length: 7 }, (_, index) => index + 1)
  const separator = new Intl.DateTimeFormat(tag, {
    timeZone: 'UTC',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  })
    .formatToParts(Date.UTC(2023, 0, 1))
    .find((one) => one.type === 'literal')?.value
  return {
    months: twelve.map((month) => name({ month: 'long', day: 'numeric' }, month, 1, 'month')),
    shortMonths: twelve.map((month) => name({ month: 'short', day: 'numeric' }, month, 1, 'month')),
    days: seven.map((day) => name({ weekday: 'long' }, 0, day, 'weekday')),
    shortDays: seven.map((day) => name({ weekday: 'short' }, 0, day, 'weekday')),
    dateSeparator: separator?.trim() ?? '/',
    isEnglish: false,
  }
}

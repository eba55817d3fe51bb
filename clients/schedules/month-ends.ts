import type { CalendarSpec, LooseRange, Month } from '@temporalio/client'

/** Months of one length, as parts of a calendar. `last` is the number of their last day. */
interface MonthLength {
  readonly months: readonly Month[]
  readonly last: number
  /** Absent: in every year. */
  readonly year?: readonly LooseRange<number>[]
}

/** Temporal's calendars end with this year; it is no leap year. */
export const lastYear = 2100

const lengths: readonly MonthLength[] = [
  { months: ['JANUARY', 'MARCH', 'MAY', 'JULY', 'AUGUST', 'OCTOBER', 'DECEMBER'], last: 31 },
  { months: ['APRIL', 'JUNE', 'SEPTEMBER', 'NOVEMBER'], last: 30 },
  {
    months: ['FEBRUARY'],
    last: 28,
    year: [...[2001, 2002, 2003].map((start) => ({ start, end: lastYear, step: 4 })), lastYear],
  },
  { months: ['FEBRUARY'], last: 29, year: [{ start: 2000, end: 2096, step: 4 }] },
]

/**
 * Calendars for days counted from the end of the month, `from` and `to` being 1 for the last day. A month that is too short has none.
 */
export function daysFromEnd(
  from: number,
  to: number,
  months: readonly Month[],
  rest: CalendarSpec,
): CalendarSpec[] {
  return lengths.flatMap((length) => {
    const wanted = length.months.filter((month) => months.includes(month))
    const [first, last] = [Math.max(1, length.last + 1 - to), length.last + 1 - from]
    if (wanted.length === 0 || last < 1) return []
    return [
      {
        ...rest,
        month: [...wanted],
        dayOfMonth: { start: first, end: last },
        ...(length.year !== undefined && { year: [...length.year] }),
      },
    ]
  })
}

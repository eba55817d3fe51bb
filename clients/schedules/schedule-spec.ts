import type { CalendarSpec, DayOfWeek, IntervalSpec, Month, ScheduleSpec } from '@temporalio/client'
import type { Recurrence } from '../../adf/resource/trigger.ts'
import { ClockError, instantIn, localStart, type LocalStart } from './local-start.ts'
import { daysFromEnd, lastYear } from './month-ends.ts'

/** What Temporal's schedules cannot say of a recurrence. */
export interface Inexpressible {
  /** Inside the recurrence, e.g. `['schedule', 'weekDays']`. */
  readonly path: readonly string[]
  readonly message: string
}

class Unable extends Error {
  readonly path: readonly string[]

  constructor(path: readonly string[], message: string) {
    super(message)
    this.path = path
  }
}

const weekDays: readonly DayOfWeek[] = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
]
const months: readonly Month[] = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
]
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000] as const

/**
 * A ScheduleTrigger's recurrence as Temporal times it. Day, week, month and year follow the zone's clocks; minutes and hours keep their distance. What
 * is missing in `schedule` comes from the start time.
 */
export function scheduleSpec(recurrence: Recurrence): ScheduleSpec | Inexpressible {
  try {
    if (recurrence.startTime === undefined)
      throw new Unable([], 'needs a startTime: what is counted starts there')
    const start = localStart(recurrence.startTime, recurrence.timeZone)
    return {
      ...timesOf(recurrence, start),
      timezone: start.timeZone,
      startAt: start.utc,
      ...(recurrence.endTime !== undefined && { endAt: instantIn(recurrence.endTime, recurrence.timeZone) }),
    }
  } catch (error) {
    if (error instanceof Unable) return { path: error.path, message: error.message }
    if (error instanceof ClockError) return { path: [], message: error.message }
    throw error
  }
}

export function isInexpressible(spec: ScheduleSpec | Inexpressible): spec is Inexpressible {
  return 'message' in spec
}

type Times = Pick<ScheduleSpec, 'calendars' | 'intervals'>

function timesOf(recurrence: Recurrence, start: LocalStart): Times {
  switch (recurrence.frequency) {
    case 'Minute':
      return everyMinutes(recurrence, start)
    case 'Hour':
      return everyHours(recurrence, start)
    case 'Day':
      return everyDays(recurrence, start, recurrence.interval)
    case 'Week':
      return everyWeeks(recurrence, start)
    case 'Month':
      return { calendars: inMonths(recurrence, start) }
    case 'Year':
      return { calendars: [inYears(recurrence, start)] }
  }
}

function everyMinutes({ interval, schedule }: Recurrence, start: LocalStart): Times {
  if (schedule?.hours === undefined && schedule?.minutes === undefined) {
    return { intervals: [repeated(interval * minuteMs, start.utc.getTime())] }
  }
  if (60 % interval !== 0) {
    throw new Unable(
      ['interval'],
      `is ${interval} beside a schedule; an interval that divides 60 can be expressed, or one without a schedule`,
    )
  }
  const all = Array.from(
    { length: 60 / interval },
    (_, index) => (start.minute % interval) + index * interval,
  )
  const minute = all.filter((one) => schedule.minutes?.includes(one) ?? true)
  if (minute.length === 0) {
    throw new Unable(
      ['schedule', 'minutes'],
      `holds none of the minutes that the interval gives: ${all.join(', ')}`,
    )
  }
  return { calendars: [{ second: start.second, minute, hour: schedule.hours ?? '*' }] }
}

function everyHours({ interval, schedule }: Recurrence, start: LocalStart): Times {
  if (schedule?.hours !== undefined) {
    if (interval !== 1) {
      throw new Unable(['interval'], `is ${interval} beside schedule.hours; name the hours with interval 1`)
    }
    return {
      calendars: [{ second: start.second, minute: schedule.minutes ?? start.minute, hour: schedule.hours }],
    }
  }
  const hour = start.utc.getTime() - start.minute * minuteMs
  const minutes = schedule?.minutes ?? [start.minute]
  return { intervals: minutes.map((minute) => repeated(interval * hourMs, hour + minute * minuteMs)) }
}

function everyDays({ schedule }: Recurrence, start: LocalStart, days: number): Times {
  if (days === 1) return { calendars: [timeOfDay(schedule, start)] }
  if (!start.isFixed) {
    throw new Unable(
      ['interval'],
      `counts ${days} days in ${start.timeZone}, whose clocks change; count in UTC, or let it run every day (or week)`,
    )
  }
  const midnight = start.utc.getTime() - start.hour * hourMs - start.minute * minuteMs
  const { hours = [start.hour], minutes = [start.minute] } = schedule ?? {}
  return {
    intervals: hours.flatMap((hour) =>
      minutes.map((minute) => repeated(days * dayMs, midnight + hour * hourMs + minute * minuteMs)),
    ),
  }
}

function everyWeeks(recurrence: Recurrence, start: LocalStart): Times {
  const { interval, schedule } = recurrence
  const days = schedule?.weekDays?.map(dayOfWeek) ?? [weekDays[start.weekDay] ?? 'SUNDAY']
  if (interval === 1) return { calendars: [{ ...timeOfDay(schedule, start), dayOfWeek: days }] }
  const [day, ...others] = days
  if (others.length > 0 || day !== weekDays[start.weekDay]) {
    throw new Unable(
      ['schedule', 'weekDays'],
      `with interval ${interval} can only be the day of startTime (${weekDays[start.weekDay]?.toLowerCase()}): write one trigger a weekday`,
    )
  }
  return everyDays(recurrence, start, 7 * interval)
}

function inMonths(recurrence: Recurrence, start: LocalStart): CalendarSpec[] {
  const { interval, schedule } = recurrence
  if (12 % interval !== 0) {
    throw new Unable(['interval'], `is ${interval} months; 1, 2, 3, 4, 6 and 12 can be expressed`)
  }
  if (schedule?.monthDays !== undefined && schedule.monthlyOccurrences !== undefined) {
    throw new Unable(['schedule'], 'has monthDays and monthlyOccurrences; write one trigger for each')
  }
  const first = (start.month - 1) % interval
  const month = months.filter((_, index) => index % interval === first)
  const time = timeOfDay(schedule, start)
  if (schedule?.monthlyOccurrences !== undefined) {
    return schedule.monthlyOccurrences.flatMap(({ day, occurrence }) => {
      const rest = { ...time, dayOfWeek: dayOfWeek(day) }
      if (occurrence === undefined) return [{ ...rest, month }]
      // The n-th such weekday is the one among the n-th seven days.
      const [from, to] = [7 * (Math.abs(occurrence) - 1) + 1, 7 * Math.abs(occurrence)]
      return occurrence < 0
        ? daysFromEnd(from, to, month, rest)
        : [{ ...rest, month, dayOfMonth: { start: from, end: Math.min(31, to) } }]
    })
  }
  const days = schedule?.monthDays ?? [start.day]
  const forward = days.filter((day) => day > 0)
  return [
    ...(forward.length > 0 ? [{ ...time, month, dayOfMonth: forward }] : []),
    ...days.filter((day) => day < 0).flatMap((day) => daysFromEnd(-day, -day, month, time)),
  ]
}

function inYears({ interval, schedule }: Recurrence, start: LocalStart): CalendarSpec {
  return {
    ...timeOfDay(schedule, start),
    month: months[start.month - 1] ?? 'JANUARY',
    dayOfMonth: start.day,
    ...(interval > 1 && { year: { start: start.year, end: lastYear, step: interval } }),
  }
}

function timeOfDay(schedule: Recurrence['schedule'], start: LocalStart): CalendarSpec {
  return {
    second: start.second,
    minute: schedule?.minutes ?? start.minute,
    hour: schedule?.hours ?? start.hour,
  }
}

function dayOfWeek(name: string): DayOfWeek {
  return weekDays.find((day) => day === name.toUpperCase()) ?? 'SUNDAY'
}

/** Temporal counts intervals from 1970; the offset moves them to the first time. */
function repeated(everyMs: number, firstMs: number): IntervalSpec {
  return { every: everyMs, offset: ((firstMs % everyMs) + everyMs) % everyMs }
}

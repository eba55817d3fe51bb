import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { recurrence } from '../../adf/resource/trigger.ts'
import { isInexpressible, scheduleSpec } from '../../clients/schedules/schedule-spec.ts'

let connection: Connection
let client: Client

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('temporalAddress') })
  client = new Client({ connection, namespace: inject('temporalNamespace') })
})
afterAll(() => connection.close())

/** The first times that Temporal itself makes of a recurrence. */
async function firstTimes(input: unknown): Promise<string[]> {
  const spec = scheduleSpec(recurrence.parse(input))
  if (isInexpressible(spec)) throw new Error(spec.message)
  const handle = await client.schedule.create({
    scheduleId: `spec-${crypto.randomUUID()}`,
    spec,
    action: { type: 'startWorkflow', workflowType: 'never', taskQueue: 'nobody' },
  })
  try {
    const { info } = await handle.describe()
    return info.nextActionTimes.slice(0, 4).map((time) => time.toISOString().slice(0, 16))
  } finally {
    await handle.delete()
  }
}

const startTime = '2030-01-15T07:30:00Z'

test.each<[title: string, recurrence: object, times: string[]]>([
  [
    'minutes keep their distance from the start',
    { frequency: 'Minute', interval: 7, startTime },
    ['2030-01-15T07:30', '2030-01-15T07:37', '2030-01-15T07:44', '2030-01-15T07:51'],
  ],
  [
    'minutes within given hours',
    { frequency: 'Minute', interval: 20, startTime, schedule: { hours: [8] } },
    ['2030-01-15T08:10', '2030-01-15T08:30', '2030-01-15T08:50', '2030-01-16T08:10'],
  ],
  [
    'every five hours, also over midnight',
    { frequency: 'Hour', interval: 5, startTime },
    ['2030-01-15T07:30', '2030-01-15T12:30', '2030-01-15T17:30', '2030-01-15T22:30'],
  ],
  [
    'minutes of every second hour',
    { frequency: 'Hour', interval: 2, startTime, schedule: { minutes: [0, 45] } },
    ['2030-01-15T07:45', '2030-01-15T09:00', '2030-01-15T09:45', '2030-01-15T11:00'],
  ],
  [
    'named hours take the minute of the start',
    { frequency: 'Hour', interval: 1, startTime, schedule: { hours: [6, 18] } },
    ['2030-01-15T18:30', '2030-01-16T06:30', '2030-01-16T18:30', '2030-01-17T06:30'],
  ],
  [
    'a day without a schedule takes the time of the start',
    { frequency: 'Day', interval: 1, startTime },
    ['2030-01-15T07:30', '2030-01-16T07:30', '2030-01-17T07:30', '2030-01-18T07:30'],
  ],
  [
    'hours and minutes of a day multiply',
    { frequency: 'Day', interval: 1, startTime, schedule: { hours: [5, 17], minutes: [15, 45] } },
    ['2030-01-15T17:15', '2030-01-15T17:45', '2030-01-16T05:15', '2030-01-16T05:45'],
  ],
  [
    'every third day in UTC',
    { frequency: 'Day', interval: 3, startTime, schedule: { hours: [4], minutes: [0] } },
    ['2030-01-18T04:00', '2030-01-21T04:00', '2030-01-24T04:00', '2030-01-27T04:00'],
  ],
  [
    'days follow the clocks of a Windows zone',
    {
      frequency: 'Day',
      interval: 1,
      startTime: '2030-03-29T02:00:00',
      timeZone: 'W. Europe Standard Time',
      schedule: { hours: [9], minutes: [0] },
    },
    ['2030-03-29T08:00', '2030-03-30T08:00', '2030-03-31T07:00', '2030-04-01T07:00'],
  ],
  [
    'a Z beats the zone',
    { frequency: 'Day', interval: 1, startTime, timeZone: 'Europe/Berlin' },
    ['2030-01-15T07:30', '2030-01-16T07:30', '2030-01-17T07:30', '2030-01-18T07:30'],
  ],
  [
    'an end is kept',
    { frequency: 'Day', interval: 1, startTime, endTime: '2030-01-16T12:00:00Z' },
    ['2030-01-15T07:30', '2030-01-16T07:30'],
  ],
  [
    'a week without days takes the day of the start',
    { frequency: 'Week', interval: 1, startTime },
    ['2030-01-15T07:30', '2030-01-22T07:30', '2030-01-29T07:30', '2030-02-05T07:30'],
  ],
  [
    'days of the week',
    {
      frequency: 'Week',
      interval: 1,
      startTime,
      schedule: { weekDays: ['Monday', 'Friday'], hours: [6], minutes: [0] },
    },
    ['2030-01-18T06:00', '2030-01-21T06:00', '2030-01-25T06:00', '2030-01-28T06:00'],
  ],
  [
    'every second week',
    { frequency: 'Week', interval: 2, startTime },
    ['2030-01-15T07:30', '2030-01-29T07:30', '2030-02-12T07:30', '2030-02-26T07:30'],
  ],
  [
    'a month that has no 31st is left out',
    { frequency: 'Month', interval: 1, startTime, schedule: { monthDays: [31], hours: [0], minutes: [0] } },
    ['2030-01-31T00:00', '2030-03-31T00:00', '2030-05-31T00:00', '2030-07-31T00:00'],
  ],
  [
    'the last day, in a leap year too',
    {
      frequency: 'Month',
      interval: 1,
      startTime: '2032-01-15T00:00:00Z',
      schedule: { monthDays: [-1], hours: [1], minutes: [0] },
    },
    ['2032-01-31T01:00', '2032-02-29T01:00', '2032-03-31T01:00', '2032-04-30T01:00'],
  ],
  [
    'the day before the last in a common year',
    {
      frequency: 'Month',
      interval: 1,
      startTime: '2030-02-01T00:00:00Z',
      schedule: { monthDays: [-2], hours: [1], minutes: [0] },
    },
    ['2030-02-27T01:00', '2030-03-30T01:00', '2030-04-29T01:00', '2030-05-30T01:00'],
  ],
  [
    'every third month from the start',
    { frequency: 'Month', interval: 3, startTime },
    ['2030-01-15T07:30', '2030-04-15T07:30', '2030-07-15T07:30', '2030-10-15T07:30'],
  ],
  [
    'the second Friday',
    {
      frequency: 'Month',
      interval: 1,
      startTime,
      schedule: { monthlyOccurrences: [{ day: 'Friday', occurrence: 2 }], hours: [6], minutes: [0] },
    },
    ['2030-02-08T06:00', '2030-03-08T06:00', '2030-04-12T06:00', '2030-05-10T06:00'],
  ],
  [
    'the last Sunday',
    {
      frequency: 'Month',
      interval: 1,
      startTime,
      schedule: { monthlyOccurrences: [{ day: 'Sunday', occurrence: -1 }], hours: [6], minutes: [0] },
    },
    ['2030-01-27T06:00', '2030-02-24T06:00', '2030-03-31T06:00', '2030-04-28T06:00'],
  ],
  [
    'the fifth Monday, where there is one',
    {
      frequency: 'Month',
      interval: 1,
      startTime,
      schedule: { monthlyOccurrences: [{ day: 'Monday', occurrence: 5 }], hours: [6], minutes: [0] },
    },
    ['2030-04-29T06:00', '2030-07-29T06:00', '2030-09-30T06:00', '2030-12-30T06:00'],
  ],
  [
    'every second year',
    { frequency: 'Year', interval: 2, startTime },
    ['2030-01-15T07:30', '2032-01-15T07:30', '2034-01-15T07:30', '2036-01-15T07:30'],
  ],
])('%s', async (_title, input, times) => {
  expect(await firstTimes(input)).toEqual(times)
})

test.each<[title: string, recurrence: object, path: string, message: string]>([
  ['no start', { frequency: 'Day' }, '', 'needs a startTime: what is counted starts there'],
  [
    'an unknown zone',
    { frequency: 'Day', startTime: '2030-01-15T07:30:00', timeZone: 'Mars Standard Time' },
    '',
    '"Mars Standard Time" is no time zone; allowed: a Windows name such as "W. Europe Standard Time" or an IANA name such as "Europe/Berlin"',
  ],
  [
    'a start in the hour that clocks skip',
    { frequency: 'Day', startTime: '2030-03-31T02:30:00', timeZone: 'Europe/Berlin' },
    '',
    '2030-03-31T02:30:00 does not exist in Europe/Berlin: clocks are put forward over it; name another time',
  ],
  [
    'days counted where clocks change',
    { frequency: 'Day', interval: 2, startTime: '2030-01-15T07:30:00', timeZone: 'Europe/Berlin' },
    'interval',
    'counts 2 days in Europe/Berlin, whose clocks change; count in UTC, or let it run every day (or week)',
  ],
  [
    'minutes that do not divide the hour, beside hours',
    { frequency: 'Minute', interval: 7, startTime, schedule: { hours: [8] } },
    'interval',
    'is 7 beside a schedule; an interval that divides 60 can be expressed, or one without a schedule',
  ],
  [
    'minutes that the interval never gives',
    { frequency: 'Minute', interval: 30, startTime, schedule: { minutes: [10] } },
    'schedule.minutes',
    'holds none of the minutes that the interval gives: 0, 30',
  ],
  [
    'other weekdays every second week',
    { frequency: 'Week', interval: 2, startTime, schedule: { weekDays: ['Monday'] } },
    'schedule.weekDays',
    'with interval 2 can only be the day of startTime (tuesday): write one trigger a weekday',
  ],
  [
    'every fifth month',
    { frequency: 'Month', interval: 5, startTime },
    'interval',
    'is 5 months; 1, 2, 3, 4, 6 and 12 can be expressed',
  ],
])('%s cannot be expressed and says why', (_title, input, path, message) => {
  const spec = scheduleSpec(recurrence.parse(input))
  expect(spec).toEqual({ path: path === '' ? [] : path.split('.'), message })
})

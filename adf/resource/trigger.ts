import { z } from 'zod'
import { pipelineReference } from '../activity/references.ts'
import { anyObject, choice, record, show, text, whole } from './fields.ts'
import { annotations } from './pipeline.ts'

const started = {
  description: z.string().optional(),
  annotations,
  runtimeState: choice(['Started', 'Stopped', 'Disabled'])
    .default('Stopped')
    .describe('Only a started trigger starts runs'),
}

const startedPipeline = record({
  pipelineReference,
  parameters: anyObject().default({}).describe('May read `@trigger()`'),
})

/** ISO 8601; a trailing `Z` is UTC, without it the trigger's time zone counts. */
const instant = z
  .string({ error: (issue) => `must be a date and time; it is ${show(issue.input)}` })
  .refine(
    (value) =>
      /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/.test(value) &&
      !Number.isNaN(Date.parse(value)),
    {
      error: (issue) => `must be a date and time such as 2026-01-31T06:00:00Z; it is ${show(issue.input)}`,
    },
  )

export const weekDay = choice(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])

export const schedule = record({
  minutes: z.array(whole({ min: 0, max: 59 })).optional(),
  hours: z.array(whole({ min: 0, max: 23 })).optional(),
  weekDays: z.array(weekDay).optional().describe('Only with frequency Week'),
  monthDays: z
    .array(whole({ min: -31, max: 31 }))
    .optional()
    .describe('1 to 31, or -1 (the last) to -31; only with frequency Month'),
  monthlyOccurrences: z
    .array(
      record({
        day: weekDay,
        occurrence: whole({ min: -5, max: 5 }).optional().describe('1 = first, -1 = last'),
      }),
    )
    .optional()
    .describe('Only with frequency Month'),
})

export const recurrence = record({
  frequency: choice(['Minute', 'Hour', 'Day', 'Week', 'Month', 'Year']),
  interval: whole({ min: 1, max: 1_000 }).default(1),
  startTime: instant.optional(),
  endTime: instant.optional(),
  timeZone: text().default('UTC').describe('A Windows name, as in ADF, or an IANA name'),
  schedule: schedule.optional(),
})

export const scheduleTrigger = record({
  ...started,
  type: choice(['ScheduleTrigger']),
  pipelines: z.array(startedPipeline).default([]),
  typeProperties: record({ recurrence }),
}).describe('Starts pipelines by the clock')

export const chainingTrigger = record({
  ...started,
  type: choice(['ChainingTrigger']),
  pipeline: startedPipeline.describe('Started when the upstream pipeline has succeeded'),
  typeProperties: record({
    dependsOn: z
      .array(pipelineReference)
      .length(1, 'must name exactly one pipeline; one trigger for each further one')
      .describe('The upstream pipeline'),
    runDimension: text().describe('A run dimension of the upstream pipeline'),
  }),
}).describe('Starts a pipeline after another one')

/** Trigger types that are checked and run. */
export const triggerTypes = { ScheduleTrigger: scheduleTrigger, ChainingTrigger: chainingTrigger } as const

/** Types that ADF knows and Headrace only reads. */
export const unusedTriggerTypes = [
  'TumblingWindowTrigger',
  'BlobEventsTrigger',
  'BlobTrigger',
  'CustomEventsTrigger',
  'RerunTumblingWindowTrigger',
] as const

export type Recurrence = z.output<typeof recurrence>

import { z } from 'zod'
import { findActivityType, isControlType, workActivities } from '../activity/activity-types.ts'
import type { JsonValue } from '../json.ts'
import { anyObject, choice, record, text } from './fields.ts'
import { unknownName } from './near-miss.ts'

const globalParameterType = choice(['String', 'Int', 'Float', 'Bool', 'Array', 'Object'], {
  Boolean: 'Bool',
  Integer: 'Int',
})

const globalParameters = z
  .record(
    z.string(),
    record({
      type: globalParameterType,
      value: z.custom<JsonValue>((value) => value !== undefined, 'is required'),
    }),
  )
  .describe('Read as `@pipeline().globalParameters.<name>`')

const environment = record({
  description: z.string().optional(),
  globalParameters: anyObject().default({}).describe('Name → value in place of the one above'),
  linkedServices: z
    .record(z.string(), anyObject())
    .default({})
    .describe("Name → typeProperties in place of the linked service's own, property by property"),
})

const channel = record({
  type: choice(['console', 'file', 'webhook']),
  description: z.string().optional(),
})

function isWorkActivity(name: string): boolean {
  const type = findActivityType(name)
  return type !== undefined && !isControlType(type)
}

const mapping = record({
  activity: text()
    .refine(isWorkActivity, {
      error: (issue) =>
        unknownName(
          String(issue.input),
          'an activity type that can take its place',
          'activity types',
          Object.keys(workActivities),
        ),
    })
    .describe('Type of the activity that runs in its place'),
  typeProperties: anyObject()
    .default({})
    .describe(
      'Its properties; `$baseParameters.<name>` is what the activity hands to the notebook or data flow',
    ),
})

const activityMappings = record({
  dataFlows: z.record(z.string(), mapping).default({}).describe('Name of a data flow → what runs for it'),
  notebooks: z.record(z.string(), mapping).default({}).describe('Path of a notebook → what runs for it'),
})

/** `factory.yaml`: what is said once for all pipelines. */
export const factoryProperties = record({
  name: text().optional().describe('Default: the name of the folder'),
  description: z.string().optional(),
  globalParameters: globalParameters.default({}),
  environments: z.record(z.string(), environment).default({}).describe('dev, uat, prod, …'),
  notificationChannels: z
    .record(z.string(), channel)
    .default({})
    .describe("Channels that Notify activities may name; where each leads is the worker's configuration"),
  integrationRuntimes: z
    .record(
      z.string(),
      record({
        taskQueue: text()
          .optional()
          .describe('Where its workers listen; default: `<task queue of the installation>-<name>`'),
      }),
    )
    .default({})
    .describe('Integration runtime → the workers that run what connects through it'),
  activityMappings: activityMappings
    .prefault({})
    .describe('Activities that run in the place of data flows and Databricks notebooks'),
}).describe('A factory')

/** `factory/<name>.json` of ADF's git layout. */
export const adfFactory = record({
  name: text().optional(),
  id: z.string().optional(),
  type: z.string().optional(),
  location: z.string().optional(),
  identity: z.custom<JsonValue>().optional(),
  tags: z.custom<JsonValue>().optional(),
  eTag: z.string().optional(),
  properties: z.looseObject({ globalParameters: globalParameters.default({}) }).prefault({}),
}).describe("ADF's own factory file")

export type FactoryProperties = z.output<typeof factoryProperties>

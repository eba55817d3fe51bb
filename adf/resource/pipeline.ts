import { z } from 'zod'
import { innerActivities } from '../activity/fields.ts'
import type { JsonValue } from '../json.ts'
import { anyObject, choice, record, text, whole } from './fields.ts'

export const parameterType = choice(['String', 'Int', 'Float', 'Bool', 'Array', 'Object', 'SecureString'], {
  Boolean: 'Bool',
  Integer: 'Int',
})
export const variableType = choice(['String', 'Bool', 'Array', 'Integer'], {
  Boolean: 'Bool',
  Int: 'Integer',
})

const anyDefault = z.custom<JsonValue>().optional()

export const parameters = z
  .record(
    z.string(),
    record({ type: parameterType, defaultValue: anyDefault, description: z.string().optional() }),
  )
  .default({})
  .describe('Values that a run is given; without a default they must be given')

export const folder = record({ name: z.string() }).describe('Where an editor shows it')
export const annotations = z
  .array(z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default([])
  .describe('Differs: kept in the plan; runs cannot be filtered by them')

export const pipelineProperties = record({
  description: z.string().optional(),
  activities: innerActivities.default([]).describe('A graph: what runs when is said by dependsOn'),
  parameters,
  variables: z
    .record(
      z.string(),
      record({ type: variableType, defaultValue: anyDefault, description: z.string().optional() }),
    )
    .default({})
    .describe('Values that activities of a run set and read'),
  concurrency: whole({ min: 1 })
    .optional()
    .describe('Differs: most runs at once, kept between the runs of one schedule only'),
  annotations,
  folder: folder.optional(),
  policy: anyObject().optional().describe("Not done: ADF's elapsed time metric is not measured"),
  runDimensions: anyObject().default({}).describe('Name → expression; what a ChainingTrigger joins on'),
  lastPublishTime: z.string().optional(),
}).describe('A pipeline')

/** Characters that ADF refuses in the name of a pipeline or an activity. */
export const refusedInNames = /[.+?/<>*%&:\\]/

/** `{ name, properties }` of any resource; ADF's tools add `type`, `etag` and `id`. */
export function resource<T extends z.ZodType>(properties: T) {
  return record({
    $schema: z.string().optional(),
    name: text().optional().describe('Default: the name of the file'),
    properties,
    type: z.string().optional(),
    etag: z.string().optional(),
    id: z.string().optional(),
  })
}

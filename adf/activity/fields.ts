import { z } from 'zod'
import type { JsonObject } from '../json.ts'
import {
  anyObject,
  choice,
  duration,
  expression,
  flag,
  isObject,
  record,
  show,
  text,
  whole,
} from '../resource/fields.ts'
import { datasetReference, linkedServiceReference } from './references.ts'

/** ADF's default `timeout` of an activity, as its documentation and its editor have it. */
export const defaultTimeoutMs = 12 * 3_600_000

/** Activities inside a container: each is checked by its own type. */
export const innerActivities = z
  .array(
    z
      .custom<JsonObject>(isObject, { error: (issue) => `must be an activity; it is ${show(issue.input)}` })
      .meta({ $ref: '#/$defs/activity' }),
  )
  .describe('Activities of this branch or loop')

export const dependencyCondition = choice(['Succeeded', 'Failed', 'Skipped', 'Completed'])

const dependency = record({
  activity: text().describe('Name of an activity of the same list'),
  dependencyConditions: z
    .array(dependencyCondition)
    .min(1, 'must name at least one of Succeeded, Failed, Skipped, Completed')
    .default(['Succeeded'])
    .describe('One of these must be met; all dependencies must be'),
})

export const policy = record({
  timeout: duration().default(defaultTimeoutMs).describe('Longest time of one attempt; default 12 hours'),
  retry: whole({ min: 0 }).default(0).describe('Attempts after the first'),
  retryIntervalInSeconds: whole({ min: 0 }).default(30).describe('Pause between attempts'),
  secureInput: flag().default(false).describe('Keep the input out of monitoring'),
  secureOutput: flag().default(false).describe('Keep the output out of monitoring'),
})

const userProperty = record({ name: text(), value: expression() })

/** What every activity may say, whatever its type. */
export const activityFields = {
  name: text().max(260, 'must have at most 260 characters').describe('Unique in the pipeline'),
  description: z.string().optional(),
  dependsOn: z.array(dependency).default([]).describe('Which activities must have ended, and how'),
  userProperties: z.array(userProperty).default([]).describe('Shown with each run of the activity'),
  state: choice(['Active', 'Inactive']).default('Active').describe('Inactive: never runs'),
  onInactiveMarkAs: choice(['Succeeded', 'Failed', 'Skipped'])
    .default('Succeeded')
    .describe('What dependants see of an inactive activity'),
  policy: policy.prefault({}),
}

/** What activities that a worker carries out may say besides. */
export const workFields = {
  linkedServiceName: linkedServiceReference.optional(),
  inputs: z.array(datasetReference).default([]),
  outputs: z.array(datasetReference).default([]),
}

/** An activity with its type's own properties not yet looked into. */
export const controlActivity = record({
  ...activityFields,
  type: text(),
  typeProperties: anyObject().prefault({}),
})
export const workActivity = record({
  ...activityFields,
  ...workFields,
  type: text(),
  typeProperties: anyObject().prefault({}),
})

import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, choice, record, text } from './fields.ts'

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

import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, record, text } from './fields.ts'
import { annotations, parameters } from './pipeline.ts'

export const linkedServiceProperties = record({
  type: text().describe('AzureBlobFS, SqlServer, …'),
  version: z.union([z.string(), z.number()]).optional(),
  connectVia: z
    .custom<JsonValue>()
    .optional()
    .describe('An integration runtime: the task queue that factory.yaml maps it to'),
  parameters,
  typeProperties: anyObject().default({}).describe('Strings may read `@{linkedService().name}`'),
  description: z.string().optional(),
  annotations,
}).describe('A connection')

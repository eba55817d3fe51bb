import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, record, text } from './fields.ts'
import { annotations, parameters } from './pipeline.ts'

export const linkedServiceProperties = record({
  type: text().describe('AzureBlobFS, SqlServer, …'),
  version: z.union([z.string(), z.number()]).optional(),
  connectVia: z.custom<JsonValue>().optional().describe('An integration runtime; workers take its place'),
  parameters,
  typeProperties: anyObject().default({}).describe('Strings may read `@{linkedService().name}`'),
  description: z.string().optional(),
  annotations,
}).describe('A connection')

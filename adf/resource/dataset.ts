import { z } from 'zod'
import { linkedServiceReference } from '../activity/references.ts'
import type { JsonValue } from '../json.ts'
import { anyObject, record, text } from './fields.ts'
import { annotations, folder, parameters } from './pipeline.ts'

export const datasetProperties = record({
  type: text().describe('Binary, Parquet, DelimitedText, Json, …'),
  linkedServiceName: linkedServiceReference,
  parameters,
  typeProperties: anyObject().default({}).describe('Strings may read `@dataset().name`'),
  description: z.string().optional(),
  annotations,
  folder: folder.optional(),
  schema: z.custom<JsonValue>().optional(),
  structure: z.custom<JsonValue>().optional(),
}).describe('Where data lies and in what form')

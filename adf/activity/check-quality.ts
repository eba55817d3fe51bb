import { z } from 'zod'
import { decimal, record, text } from '../resource/fields.ts'

export const checkQualityProperties = record({
  tables: z.array(text()).min(1, 'must name at least one table'),
  batch: text(),
  minimumCompleteness: decimal({ min: 0, max: 1 }).default(0.95),
  processedAt: text().describe('ISO 8601 UTC'),
}).describe('Measures completeness, uniqueness, validity, consistency and anomalies of tables')

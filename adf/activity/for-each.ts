import { expression, flag, record, whole } from '../resource/fields.ts'
import { innerActivities } from './fields.ts'

/** Iterations at once that ADF refuses to go above. Headrace takes more. */
export const adfBatchCount = 50

export const forEachProperties = record({
  items: expression().describe('The array to walk; `@item()` is its element'),
  isSequential: flag().default(false).describe('One iteration after the other, in order'),
  batchCount: whole({ min: 1, max: 1_000 }).default(20).describe('Most iterations at once; ADF allows 50'),
  activities: innerActivities.min(1, 'must hold at least one activity'),
}).describe('Runs activities once for each item')

import { record, text } from '../resource/fields.ts'

export const buildTrainingDatasetProperties = record({
  batch: text(),
  processedAt: text().describe('ISO 8601 UTC'),
}).describe('Writes an immutable version of the training data')

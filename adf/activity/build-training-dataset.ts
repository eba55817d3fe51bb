import { record, text } from '../resource/fields.ts'

export const buildTrainingDatasetProperties = record({
  batch: text(),
  processedAt: text().describe('ISO 8601 UTC'),
  query: text()
    .default('ml/training_dataset.sql')
    .describe('File of the factory with one SELECT; it must give `scan_id`, unique, and `label`'),
}).describe('Writes an immutable version of the training data')

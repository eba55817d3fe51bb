import { record, text } from '../resource/fields.ts'

export const ingestCalibrationsProperties = record({
  manifest: text().describe('Lake path that FindScans gave'),
}).describe('Commits the calibrations of a batch to bronze')

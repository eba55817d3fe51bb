import { record, text } from '../resource/fields.ts'

export const validateBronzeProperties = record({
  manifest: text().describe('Lake path that FindScans gave'),
}).describe('Checks what a batch committed to bronze; each finding is a row')

import { record, text } from '../resource/fields.ts'
import { chunkProperties } from './chunk.ts'

export const ingestScansProperties = record({
  manifest: text().describe('Lake path that FindScans gave'),
  chunk: chunkProperties,
}).describe('Commits the scans of one chunk to bronze')

import { record, text } from '../resource/fields.ts'
import { chunkProperties } from './chunk.ts'

export const ingestImagesProperties = record({
  manifest: text().describe('Lake path that FindScans gave'),
  chunk: chunkProperties,
}).describe('Reads the headers of images and height maps of one chunk')

import { duration, expression, flag, record, whole } from '../resource/fields.ts'
import { defaultTimeoutMs } from './fields.ts'
import { datasetReference } from './references.ts'

export const validationProperties = record({
  dataset: datasetReference,
  timeout: duration().default(defaultTimeoutMs).describe('Longest wait; default 12 hours'),
  sleep: whole({ min: 1 }).default(10).describe('Seconds between two looks'),
  minimumSize: expression().default(0).describe('Bytes that a file must have'),
  childItems: flag()
    .optional()
    .describe('Of a folder: true = must hold something, false = must be empty, absent = must exist'),
}).describe('Waits until a file or folder is there')

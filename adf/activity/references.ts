import { z } from 'zod'
import { anyObject, choice, record, text } from '../resource/fields.ts'

/** `{ referenceName, type, parameters? }`; `referenceName` is a literal, never an expression. */
export const datasetReference = record({
  referenceName: text(),
  type: choice(['DatasetReference']).default('DatasetReference'),
  parameters: anyObject().default({}),
})

export const linkedServiceReference = record({
  referenceName: text(),
  type: choice(['LinkedServiceReference']).default('LinkedServiceReference'),
  parameters: anyObject().default({}),
})

export const pipelineReference = record({
  referenceName: text(),
  type: choice(['PipelineReference']).default('PipelineReference'),
  name: z.string().optional().describe('Display name that old files carry; not used'),
})

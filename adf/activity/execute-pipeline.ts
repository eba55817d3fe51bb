import { anyObject, flag, record } from '../resource/fields.ts'
import { pipelineReference } from './references.ts'

export const executePipelineProperties = record({
  pipeline: pipelineReference,
  parameters: anyObject().default({}),
  waitOnCompletion: flag().default(true).describe('false: succeeds once the other pipeline has started'),
}).describe('Runs another pipeline of the factory')

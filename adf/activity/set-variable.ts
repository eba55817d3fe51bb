import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { choice, expression, flag, record, text } from '../resource/fields.ts'

/** The variable name by which SetVariable gives the pipeline its return value. */
export const returnValueVariable = 'pipelineReturnValue'

export const setVariableProperties = record({
  variableName: text(),
  value: expression().describe('May not read the variable that it sets'),
  setSystemVariable: flag()
    .default(false)
    .describe('true with variableName pipelineReturnValue: sets what the pipeline returns'),
}).describe('Sets a variable of the pipeline, or what the pipeline returns')

const returnType = choice(['String', 'Expression', 'Array', 'Boolean', 'Null', 'Int', 'Float', 'Object'], {
  Bool: 'Boolean',
  Integer: 'Int',
})

const anyContent = z.custom<JsonValue>().optional()

/** `value` of a SetVariable that sets pipelineReturnValue. `Object` holds such a list again as its content. */
export const returnValueItems = z.array(
  record({ key: text(), value: record({ type: returnType, content: anyContent }) }),
  'must be a list of { key, value: { type, content } }',
)

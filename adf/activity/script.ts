import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, choice, expression, flag, record, text, whole } from '../resource/fields.ts'

const parameter = record({
  name: text(),
  type: z.string().optional().describe('String, Int32, Boolean, Datetime …'),
  value: expression().optional(),
  direction: choice(['Input', 'Output', 'InputOutput']).default('Input'),
  size: whole({ min: -1 }).optional(),
})

export const scriptProperties = record({
  scripts: z
    .array(
      record({
        type: choice(['Query', 'NonQuery']).default('Query').describe('Query: result sets come back'),
        text: z.custom<JsonValue>((value) => value !== undefined, 'is required').describe('SQL'),
        parameters: z.array(parameter).optional(),
      }),
    )
    .min(1, 'must hold at least one script'),
  scriptBlockExecutionTimeout: z.string().optional().describe('Longest time of one script; default 02:00:00'),
  returnMultistatementResult: flag().optional().describe('Has no effect: every result set comes back'),
  logSettings: anyObject().optional().describe('PRINT goes into output.outputLogs; ExternalStore is refused'),
}).describe('Runs SQL scripts, each in a transaction of its own')

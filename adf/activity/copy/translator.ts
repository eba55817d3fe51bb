import { z } from 'zod'
import { anyObject, choice, flag, whole } from '../../resource/fields.ts'
import { openRecord } from '../../resource/open-record.ts'

const end = openRecord({
  name: z.string().optional(),
  ordinal: whole({ min: 1 }).optional().describe('From 1'),
  path: z.string().optional().describe('JSON path, relative to the collection where one is crossed with'),
  type: z.string().optional().describe('Int64, String, DateTime, …'),
  format: z.string().optional().describe('.NET format of dates'),
  culture: z.string().optional().describe('Not done: texts are read and written in the invariant culture'),
})

export const translator = openRecord({
  type: choice(['TabularTranslator']).default('TabularTranslator'),
  mappings: z.array(openRecord({ source: end, sink: end })).optional(),
  columnMappings: z
    .union([z.string(), anyObject()])
    .optional()
    .describe('Legacy: `a: b, c: d` or a map of source to sink names'),
  schemaMapping: anyObject().optional().describe('Legacy: sink name → source path'),
  collectionReference: z
    .string()
    .optional()
    .describe('JSON path of the array of which each element gives a row'),
  mapComplexValuesToString: flag().optional().describe('Objects and arrays become JSON text'),
  typeConversion: flag().optional().describe('Convert values to the type of the sink'),
  typeConversionSettings: openRecord({
    allowDataTruncation: flag()
      .optional()
      .describe('Differs: false is not kept, decimals are rounded to the places of their type'),
    treatBooleanAsNumber: flag().optional(),
    dateTimeFormat: z.string().optional(),
    dateTimeOffsetFormat: z.string().optional(),
    timeSpanFormat: z.string().optional().describe('Not done: times are read and written as hh:mm:ss'),
    culture: z.string().optional().describe('Not done: texts are read and written in the invariant culture'),
  }).optional(),
}).describe('How columns of the source become columns of the sink')

export type Translator = z.output<typeof translator>

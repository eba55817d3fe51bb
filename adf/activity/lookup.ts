import { anyObject, flag, record } from '../resource/fields.ts'
import { datasetReference } from './references.ts'

export const lookupProperties = record({
  source: anyObject().describe('A source of Copy: a query, a procedure, a table or files'),
  dataset: datasetReference,
  firstRowOnly: flag().default(true).describe('true: output.firstRow; false: output.count and output.value'),
  treatDecimalAsString: flag().default(false).describe('Decimals as text: no digit is lost'),
}).describe('Reads rows into the output')

import { anyObject, record, text } from '../resource/fields.ts'

export const buildTableProperties = record({
  table: text().describe('`silver.dim_device`: a table of table/*.yaml'),
  batch: text(),
  parameters: anyObject().default({}).describe('Values of `$name` in the SELECT'),
}).describe('Builds one table of the factory from its SELECT')

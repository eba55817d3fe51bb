import { expression, record, text } from '../resource/fields.ts'

export const appendVariableProperties = record({
  variableName: text().describe('A variable of type Array'),
  value: expression().describe('Becomes the last element'),
}).describe('Adds one element to an array variable')

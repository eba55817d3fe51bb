import { expression, record } from '../resource/fields.ts'

export const filterProperties = record({
  items: expression().describe('The array to filter'),
  condition: expression().describe('Tested for each `@item()`'),
}).describe('Keeps the items for which a condition is true')

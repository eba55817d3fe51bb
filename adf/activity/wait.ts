import { expression, record } from '../resource/fields.ts'

export const waitProperties = record({
  waitTimeInSeconds: expression().describe('Seconds, a whole number or an expression'),
}).describe('Waits')

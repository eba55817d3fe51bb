import { duration, expression, record } from '../resource/fields.ts'
import { defaultTimeoutMs, innerActivities } from './fields.ts'

export const untilProperties = record({
  expression: expression().describe('Tested after each round; the loop ends when it is true'),
  timeout: duration().default(defaultTimeoutMs).describe('Longest time of the loop; default 12 hours'),
  activities: innerActivities.min(1, 'must hold at least one activity'),
}).describe('Runs activities, then tests, until the expression is true')

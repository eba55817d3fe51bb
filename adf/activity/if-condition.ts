import { expression, record } from '../resource/fields.ts'
import { innerActivities } from './fields.ts'

export const ifConditionProperties = record({
  expression: expression().describe('Must give true or false'),
  ifTrueActivities: innerActivities.default([]),
  ifFalseActivities: innerActivities.default([]),
}).describe('Runs one of two branches')

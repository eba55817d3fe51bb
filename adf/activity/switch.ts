import { z } from 'zod'
import { expression, record } from '../resource/fields.ts'
import { innerActivities } from './fields.ts'

const caseValue = z
  .union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false')
  .transform((value) => String(value))

export const switchProperties = record({
  on: expression().optional().describe('Compared with the cases as text'),
  expression: expression().optional().describe("Another spelling of `on`, from ADF's documentation"),
  cases: z.array(record({ value: caseValue, activities: innerActivities.default([]) })).default([]),
  defaultActivities: innerActivities.default([]).describe('Runs where no case is equal'),
}).describe('Runs the branch whose value is equal')

import { z } from 'zod'
import { anyObject, choice, text } from './fields.ts'
import { openRecord } from './open-record.ts'

const requestHeaders = z.union([anyObject(), z.string()]).optional().describe('Name → value')

/** What a REST request may say, in the dataset (older files) or in the source. */
export const restRequest = {
  requestMethod: choice(['GET', 'POST']).optional(),
  requestBody: z.string().optional(),
  additionalHeaders: requestHeaders,
  paginationRules: anyObject().optional().describe('How the next page is asked for, and when to end'),
}

/** typeProperties of a RestResource dataset. */
export const restResource = openRecord({
  relativeUrl: text().optional().describe("Below the linked service's url, query included"),
  ...restRequest,
})

import { z } from 'zod'
import { anyObject, record, text } from './fields.ts'
import { openRecord } from './open-record.ts'
import { annotations } from './pipeline.ts'

/** `credential/<name>.json`: an identity that linked services name. */
export const credentialProperties = openRecord({
  type: text().describe('ServicePrincipal; a ManagedIdentity exists in Azure only'),
  typeProperties: anyObject().default({}),
  description: z.string().optional(),
  annotations,
})

/** `credential` of a linked service. */
export const credentialReference = record({
  referenceName: text(),
  type: z.string().optional(),
})

import { z } from 'zod'
import { anyObject, choice, record } from '../resource/fields.ts'
import { datasetReference } from './references.ts'

/** What may be asked. ADF's contentMD5 would read the whole file here; created, structure and columnCount are of other stores. */
export const metadataFields = [
  'exists',
  'itemName',
  'itemType',
  'size',
  'lastModified',
  'childItems',
] as const

export const getMetadataProperties = record({
  dataset: datasetReference,
  fieldList: z
    .array(choice(metadataFields))
    .min(1, `must name at least one of: ${metadataFields.join(', ')}`)
    .describe('What to ask; with exists among it, what is missing is no failure'),
  storeSettings: anyObject()
    .refine((settings) => !Object.keys(settings).some((key) => /^modifiedDatetime(Start|End)$/i.test(key)), {
      error: 'must not hold modifiedDatetimeStart or modifiedDatetimeEnd: children are not filtered here',
    })
    .optional(),
  formatSettings: anyObject().optional(),
}).describe('Asks what a file or folder is')

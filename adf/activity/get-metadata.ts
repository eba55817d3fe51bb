import { z } from 'zod'
import { choice, record } from '../resource/fields.ts'
import { readFormatSettings, readStoreSettings } from './copy/file-settings.ts'
import { datasetReference } from './references.ts'

/** What may be asked. */
export const metadataFields = [
  'exists',
  'itemName',
  'itemType',
  'size',
  'created',
  'lastModified',
  'childItems',
  'contentMD5',
  'structure',
  'columnCount',
] as const

export type MetadataField = (typeof metadataFields)[number]

export const getMetadataProperties = record({
  dataset: datasetReference,
  fieldList: z
    .array(choice(metadataFields))
    .min(1, `must name at least one of: ${metadataFields.join(', ')}`)
    .describe('What to ask; with exists among it, what is missing is no failure'),
  storeSettings: readStoreSettings.optional(),
  formatSettings: readFormatSettings.optional(),
}).describe('Asks what a file, a folder or a table is')

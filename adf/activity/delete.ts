import { z } from 'zod'
import { flag, record, whole } from '../resource/fields.ts'
import { openRecord } from '../resource/open-record.ts'
import { readStoreSettings } from './copy/file-settings.ts'
import { datasetReference, linkedServiceReference } from './references.ts'

export const deleteProperties = record({
  dataset: datasetReference,
  storeSettings: readStoreSettings.optional(),
  recursive: flag().optional().describe('Older place of storeSettings.recursive; default false'),
  maxConcurrentConnections: whole({ min: 1 }).optional().describe('Files that are deleted at a time'),
  enableLogging: flag().default(false).describe('Keep the names of deleted files'),
  logStorageSettings: openRecord({
    linkedServiceName: linkedServiceReference,
    path: z.string().optional(),
    logLevel: z.string().optional(),
    enableReliableLogging: flag().optional(),
  }).optional(),
}).describe('Deletes files or a folder')

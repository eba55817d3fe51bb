import { z } from 'zod'
import { fileDatasetTypes } from './file-formats.ts'
import { openRecord } from './open-record.ts'
import { restResource } from './rest-resource.ts'

/** A table of a database; none is needed where the activity gives a query. */
const table = openRecord({
  schema: z.string().optional(),
  table: z.string().optional(),
  tableName: z.string().optional().describe('Older form: schema.table'),
})

/** Datasets whose rows are read or written here: their typeProperties as far as they are used. */
export const datasetTypes: Readonly<Record<string, z.ZodType>> = {
  ...fileDatasetTypes,
  RestResource: restResource,
  AzureSqlTable: table,
  AzureSqlMITable: table,
  AzureSqlDWTable: table,
  SqlServerTable: table,
  SqliteTable: table,
  AzureDatabricksDeltaLakeDataset: openRecord({
    database: z.string().optional().describe('A layer of the lake: bronze, silver or gold'),
    table: z.string().optional(),
  }),
}

/** Parts of a dataset's `location` that are used. */
export const locationProperties = [
  'type',
  'container',
  'fileSystem',
  'bucketName',
  'folderPath',
  'fileName',
  'relativeUrl',
] as const

import { z } from 'zod'
import { anyObject, choice, expression, text, whole } from '../../resource/fields.ts'
import { openRecord } from '../../resource/open-record.ts'
import { restRequest } from '../../resource/rest-resource.ts'
import { readFormatSettings, readStoreSettings } from './file-settings.ts'

const additionalColumns = z
  .array(openRecord({ name: text(), value: expression() }))
  .optional()
  .describe('Columns of constants, `$$FILEPATH` or `$$COLUMN:<name>`')

const files = {
  type: z.string(),
  storeSettings: readStoreSettings.optional(),
  formatSettings: readFormatSettings.optional(),
}
const tabularFiles = { ...files, additionalColumns }

const sqlSource = openRecord({
  type: z.string(),
  sqlReaderQuery: z.string().optional(),
  sqlReaderStoredProcedureName: z.string().optional(),
  storedProcedureParameters: anyObject().optional().describe('{ name: { value, type? } }'),
  queryTimeout: z.string().optional(),
  isolationLevel: z.string().optional().describe('Has no effect: a read sees one state of the database'),
  partitionOption: choice(['None', 'PhysicalPartitionsOfTable', 'DynamicRange'])
    .optional()
    .describe('Has no effect: all is read in one stream'),
  partitionSettings: anyObject().optional().describe('Has no effect: all is read in one stream'),
  additionalColumns,
})

/** Properties of a Copy source that are honoured, by its type. A new source is a row here and one in activities/copy/sources.ts. */
export const copySourceTypes = {
  AvroSource: openRecord(tabularFiles),
  ExcelSource: openRecord(tabularFiles),
  DelimitedTextSource: openRecord(tabularFiles),
  JsonSource: openRecord(tabularFiles),
  OrcSource: openRecord(tabularFiles),
  ParquetSource: openRecord(tabularFiles),
  RestSource: openRecord({
    type: z.string(),
    ...restRequest,
    httpRequestTimeout: z.string().optional().describe('Longest wait for one page; default 00:01:40'),
    requestInterval: z.string().optional().describe('Pause between two pages; default 10 ms'),
    additionalColumns,
  }),
  SqlServerSource: sqlSource,
  AzureSqlSource: sqlSource,
  SqlMISource: sqlSource,
  SqlDWSource: sqlSource,
  SqlSource: sqlSource,
  SqliteSource: openRecord({ type: z.string(), query: z.string().optional(), additionalColumns }),
  AzureDatabricksDeltaLakeSource: openRecord({
    type: z.string(),
    query: z.string().optional().describe('One SELECT over tables of the lake, `silver.dim_device`'),
    version: whole({ min: 0 }).optional().describe("Headrace's own: of the dataset's table, to look back"),
    additionalColumns,
  }),
  BinarySource: openRecord(files),
} as const

export type CopySourceType = keyof typeof copySourceTypes

/** Sources that read a database. */
export type SqlSourceType =
  | 'SqlServerSource'
  | 'AzureSqlSource'
  | 'SqlMISource'
  | 'SqlDWSource'
  | 'SqlSource'
  | 'SqliteSource'

import { z } from 'zod'
import { expression, text } from '../../resource/fields.ts'
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

/** Properties of a Copy source that are honoured, by its type. A new source is a row here and one in activities/copy/sources.ts. */
export const copySourceTypes = {
  AvroSource: openRecord(tabularFiles),
  ExcelSource: openRecord(tabularFiles),
  DelimitedTextSource: openRecord(tabularFiles),
  JsonSource: openRecord(tabularFiles),
  ParquetSource: openRecord(tabularFiles),
  RestSource: openRecord({
    type: z.string(),
    ...restRequest,
    httpRequestTimeout: z.string().optional().describe('Longest wait for one page; default 00:01:40'),
    requestInterval: z.string().optional().describe('Pause between two pages; default 10 ms'),
    additionalColumns,
  }),
  BinarySource: openRecord(files),
} as const

export type CopySourceType = keyof typeof copySourceTypes

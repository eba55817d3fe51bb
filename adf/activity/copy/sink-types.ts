import { z } from 'zod'
import { openRecord } from '../../resource/open-record.ts'
import { writeFormatSettings, writeStoreSettings } from './file-settings.ts'

const files = {
  type: z.string(),
  storeSettings: writeStoreSettings.optional(),
  formatSettings: writeFormatSettings.optional(),
}

/** Properties of a Copy sink that are honoured, by its type. A new sink is a row here and one in activities/copy/sinks.ts. */
export const copySinkTypes = {
  DelimitedTextSink: openRecord(files),
  JsonSink: openRecord(files),
  ParquetSink: openRecord(files),
  BinarySink: openRecord(files),
} as const

export type CopySinkType = keyof typeof copySinkTypes

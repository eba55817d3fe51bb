import { z } from 'zod'
import { anyObject, choice, flag, whole } from '../../resource/fields.ts'
import { openRecord } from '../../resource/open-record.ts'
import { writeFormatSettings, writeStoreSettings } from './file-settings.ts'

const files = {
  type: z.string(),
  storeSettings: writeStoreSettings.optional(),
  formatSettings: writeFormatSettings.optional(),
}

const sqlSink = openRecord({
  type: z.string(),
  preCopyScript: z.string().optional().describe('Runs once, in the transaction of the rows'),
  tableOption: choice(['none', 'autoCreate']).optional(),
  writeBehavior: choice(['insert', 'upsert']).optional(),
  upsertSettings: openRecord({
    keys: z.array(z.string()).optional(),
    useTempDB: flag().optional(),
    interimSchemaName: z.string().optional(),
  }).optional(),
  sqlWriterStoredProcedureName: z.string().optional(),
  sqlWriterTableType: z.string().optional(),
  storedProcedureTableTypeParameterName: z.string().optional(),
  storedProcedureParameters: anyObject().optional(),
  writeBatchSize: whole({ min: 1 }).optional().describe('Rows that a procedure gets at a time'),
})

/** Properties of a Copy sink that are honoured, by its type. A new sink is a row here and one in activities/copy/sinks.ts. */
export const copySinkTypes = {
  DelimitedTextSink: openRecord(files),
  JsonSink: openRecord(files),
  ParquetSink: openRecord(files),
  SqlServerSink: sqlSink,
  AzureSqlSink: sqlSink,
  SqlMISink: sqlSink,
  SqlDWSink: sqlSink,
  SqlSink: sqlSink,
  SqliteSink: sqlSink,
  AzureDatabricksDeltaLakeSink: openRecord({
    type: z.string(),
    preCopyScript: z
      .string()
      .optional()
      .describe('TRUNCATE TABLE or DELETE FROM the same table: the rows become the whole table'),
    writeBehavior: choice(['append', 'overwrite']).optional().describe("Headrace's own; default: append"),
  }),
  BinarySink: openRecord(files),
} as const

export type CopySinkType = keyof typeof copySinkTypes

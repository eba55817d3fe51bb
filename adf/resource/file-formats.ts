import { z } from 'zod'
import { choice, flag, whole } from './fields.ts'
import { openRecord } from './open-record.ts'

const place = {
  location: z.custom<unknown>().optional().describe('Where the files lie'),
  // Older files keep the place here.
  folderPath: z.string().optional(),
  fileName: z.string().optional(),
}

const compressionLevel = choice(['Optimal', 'Fastest']).optional()
/** Older files: `{ type, level }`. */
const compression = openRecord({ type: z.string().optional(), level: compressionLevel }).optional()

/** Properties of datasets of files that are honoured, by the dataset's type. */
export const fileDatasetTypes = {
  DelimitedText: openRecord({
    ...place,
    columnDelimiter: z.string().default(',').describe('One or more characters'),
    rowDelimiter: z.string().optional().describe('\\r\\n, \\n or \\r; read: any of them; written: \\r\\n'),
    quoteChar: z.string().default('"'),
    escapeChar: z.string().default('\\'),
    firstRowAsHeader: flag().default(false),
    nullValue: z.string().default(''),
    encodingName: z.string().default('UTF-8'),
    compressionCodec: z.string().optional().describe('gzip, deflate; not bzip2, ZipDeflate, TarGzip, Tar'),
    compressionLevel,
  }),
  Json: openRecord({
    ...place,
    encodingName: z.string().default('UTF-8'),
    compression,
    compressionCodec: z.string().optional(),
    compressionLevel,
  }),
  Parquet: openRecord({
    ...place,
    compressionCodec: z.string().optional().describe('snappy, gzip, none'),
    compression,
  }),
  Avro: openRecord({
    ...place,
    avroCompressionCodec: z
      .string()
      .optional()
      .describe('Of files that are written; read from the file itself'),
  }),
  Orc: openRecord({
    ...place,
    orcCompressionCodec: z
      .string()
      .optional()
      .describe('Of files that are written; read from the file itself'),
  }),
  Excel: openRecord({
    ...place,
    sheetName: z.string().optional(),
    sheetIndex: whole({ min: 0 }).optional().describe('From 0; default: the first sheet'),
    range: z.string().optional().describe('`A3:H5`, or `A3` for all from there'),
    firstRowAsHeader: flag().default(false),
    nullValue: z.string().default(''),
    compression,
  }),
  Binary: openRecord({ ...place, compression, compressionCodec: z.string().optional(), compressionLevel }),
} as const

export type FileDatasetType = keyof typeof fileDatasetTypes

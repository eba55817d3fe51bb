import { z } from 'zod'
import { choice, flag, whole } from '../../resource/fields.ts'
import { openRecord } from '../../resource/open-record.ts'

/** ISO 8601 with or without a zone (UTC then); ADF's editor writes '' for none. */
const instant = z
  .string()
  .refine((text) => text === '' || !Number.isNaN(Date.parse(text)), {
    error: (issue) => `must be a time such as 2026-11-21T00:00:00Z; it is ${JSON.stringify(issue.input)}`,
  })
  .optional()

/** `storeSettings` of a source, of Delete and of GetMetadata: which files are meant. */
export const readStoreSettings = openRecord({
  type: z.string().optional().describe('AzureBlobFSReadSettings, FileServerReadSettings, …'),
  recursive: flag().optional().describe('Files of deeper folders too; default true'),
  wildcardFolderPath: z
    .string()
    .optional()
    .describe("Folder with `*`, `?`, escaped by `^`, in place of the dataset's"),
  wildcardFileName: z.string().optional().describe('File name with `*`, `?`, escaped by `^`'),
  prefix: z.string().optional().describe('Start of paths below the container'),
  fileListPath: z
    .string()
    .optional()
    .describe("File that lists paths relative to the dataset's folder, one a line"),
  modifiedDatetimeStart: instant.describe('Files modified then or later'),
  modifiedDatetimeEnd: instant.describe('Files modified before'),
  deleteFilesAfterCompletion: flag().optional().describe('Delete each file once it is copied'),
  enablePartitionDiscovery: flag().optional().describe('`key=value` folders become columns'),
  partitionRootPath: z.string().optional().describe('Folder below which partitions begin'),
})

export const copyBehaviors = ['PreserveHierarchy', 'FlattenHierarchy', 'MergeFiles'] as const

/** `storeSettings` of a sink. */
export const writeStoreSettings = openRecord({
  type: z.string().optional().describe('AzureBlobFSWriteSettings, FileServerWriteSettings, …'),
  copyBehavior: choice(copyBehaviors)
    .optional()
    .describe('How source files become sink files; default PreserveHierarchy'),
})

/** `formatSettings` of a source. */
export const readFormatSettings = openRecord({
  type: z.string().optional().describe('DelimitedTextReadSettings, JsonReadSettings, …'),
  skipLineCount: whole({ min: 0 }).optional().describe('Non-empty lines to leave out at the start of a file'),
})

/** `formatSettings` of a sink. */
export const writeFormatSettings = openRecord({
  type: z.string().optional().describe('DelimitedTextWriteSettings, JsonWriteSettings, …'),
  quoteAllText: flag().optional().describe('Quote every value; default false'),
  fileExtension: z.string().optional().describe('Of files whose name the dataset does not give, e.g. `.csv`'),
  maxRowsPerFile: whole({ min: 1 }).optional().describe('Begin another file after so many rows'),
  fileNamePrefix: z
    .string()
    .optional()
    .describe('Of files with maxRowsPerFile: `<prefix>_00000.<extension>`'),
  filePattern: choice(['setOfObjects', 'arrayOfObjects'])
    .optional()
    .describe('JSON: an object a line, or one array'),
})

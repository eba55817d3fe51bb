import { z } from 'zod'

/**
 * What a line of a Delta log says, as far as reader version 1 and writer version 2 know it.
 * Source: PROTOCOL.md of delta-io/delta. Unknown fields are dropped: they may not change what a reader of version 1 sees.
 */
const textMap = z.record(z.string(), z.string().nullable())

const protocol = z.object({ minReaderVersion: z.number(), minWriterVersion: z.number() })

const metadata = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  format: z.object({ provider: z.string(), options: textMap.nullish() }),
  schemaString: z.string(),
  partitionColumns: z.array(z.string()),
  configuration: textMap.nullish(),
  createdTime: z.number().nullish(),
})

const addFile = z.object({
  path: z.string().describe('Relative to the table, URI-encoded'),
  partitionValues: textMap,
  size: z.number(),
  modificationTime: z.number(),
  dataChange: z.boolean(),
  stats: z.string().nullish(),
  tags: textMap.nullish(),
})

const removeFile = z.object({
  path: z.string(),
  deletionTimestamp: z.number().nullish(),
  dataChange: z.boolean().default(true),
  extendedFileMetadata: z.boolean().nullish(),
  partitionValues: textMap.nullish(),
  size: z.number().nullish(),
})

const transaction = z.object({ appId: z.string(), version: z.number(), lastUpdated: z.number().nullish() })

const commitInfo = z.looseObject({
  timestamp: z.number().optional(),
  operation: z.string().optional(),
  operationMetrics: z.record(z.string(), z.unknown()).nullish(),
})

export const action = z.object({
  protocol: protocol.nullish(),
  metaData: metadata.nullish(),
  add: addFile.nullish(),
  remove: removeFile.nullish(),
  txn: transaction.nullish(),
  commitInfo: commitInfo.nullish(),
})

/** Tag of a file that Headrace wrote: the columns inside it, partition columns too, separated by commas. */
export const columnsTag = 'headrace.columns'

export type Action = z.input<typeof action>
export type Protocol = z.output<typeof protocol>
export type Metadata = z.output<typeof metadata>
export type AddFile = z.output<typeof addFile>
export type RemoveFile = z.output<typeof removeFile>
export type Transaction = z.output<typeof transaction>
export type CommitInfo = z.output<typeof commitInfo>

/** One action a line, as a log entry holds them. */
export function parseActions(text: string, where: string): z.output<typeof action>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return action.parse(JSON.parse(line))
      } catch (cause) {
        throw new Error(`${where}:${index + 1} is no Delta log action`, { cause })
      }
    })
}

export function formatActions(actions: readonly Action[]): string {
  return actions.map((one) => `${JSON.stringify(one)}\n`).join('')
}

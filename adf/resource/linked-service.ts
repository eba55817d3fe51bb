import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, record, text } from './fields.ts'
import { annotations, parameters } from './pipeline.ts'

export const linkedServiceProperties = record({
  type: text().describe('AzureBlobFS, SqlServer, …'),
  version: z.union([z.string(), z.number()]).optional(),
  connectVia: z.custom<JsonValue>().optional().describe('An integration runtime; workers take its place'),
  parameters,
  typeProperties: anyObject().default({}).describe('Strings may read `@{linkedService().name}`'),
  description: z.string().optional(),
  annotations,
}).describe('A connection')

/** Text, a secret object (`SecureString`, `AzureKeyVaultSecret`) or an expression. */
const secret = z.custom<JsonValue>().optional()

/** typeProperties that are known by type; those of other types are taken as they are. */
export const linkedServiceTypes = {
  AzureBlobFS: record({
    url: text().optional().describe('https://<account>.dfs.core.windows.net'),
    accountKey: secret,
    sasUri: secret,
    sasToken: secret,
    tenant: z.string().optional(),
    servicePrincipalId: z.string().optional(),
    servicePrincipalKey: secret,
    servicePrincipalCredentialType: z.string().optional(),
    servicePrincipalCredential: secret,
    azureCloudType: z.string().optional(),
    credential: z.custom<JsonValue>().optional(),
    encryptedCredential: z.string().optional(),
  }).describe('The lake: ADLS Gen2, or folders on disk in an embedded installation'),
} as const

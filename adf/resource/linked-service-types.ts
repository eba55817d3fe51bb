import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { record, text } from './fields.ts'
import { openRecord } from './open-record.ts'

/** Text, a secret object (`SecureString`, `AzureKeyVaultSecret`) or an expression. */
const secret = z.custom<JsonValue>().optional()
const value = z.custom<JsonValue>().optional()

/** What names an account of its own: without one of these a linked service of Blob Storage or ADLS Gen2 is the lake of the installation. */
export const accountProperties = [
  'url',
  'connectionString',
  'sasUri',
  'serviceEndpoint',
  'accountName',
] as const

const http = {
  url: value,
  authenticationType: value.describe('Anonymous, Basic, ClientCertificate or AadServicePrincipal'),
  userName: value,
  password: secret,
  embeddedCertData: secret,
  authHeaders: value,
  enableServerCertificateValidation: value,
  tenant: value,
  servicePrincipalId: value,
  servicePrincipalKey: secret,
  aadResourceId: value,
}

const sqlServer = openRecord({
  connectionString: secret.describe('Initial Catalog names the database; the rest is not looked at'),
  server: value,
  database: value,
  databaseName: value,
  authenticationType: value,
  userName: value,
  password: secret,
  encrypt: value,
  trustServerCertificate: value,
  tenant: value,
  servicePrincipalId: value,
  servicePrincipalKey: secret,
}).describe('A SQLite file of the installation stands in for each database')

/** Linked services that are data stores: their typeProperties as far as they are used. A new store is a row here and one in stores/open-store.ts. */
export const storeServiceTypes = {
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
  AzureBlobStorage: openRecord({
    connectionString: secret,
    sasUri: secret,
    serviceEndpoint: value,
    accountName: value,
    accountKey: secret,
    accountKind: value,
    containerUri: value,
    sasToken: secret,
    tenant: value,
    servicePrincipalId: value,
    servicePrincipalKey: secret,
    authenticationType: value,
    azureCloudType: value,
  }),
  AzureDatabricksDeltaLake: openRecord({
    domain: value.describe("Not looked at: the tables are those of the installation's lake"),
    accessToken: secret,
    clusterId: value,
  }),
  AzureFileStorage: openRecord({
    connectionString: secret,
    sasUri: secret,
    accountKey: secret,
    sasToken: secret,
    fileShare: value,
    host: value,
    userId: value,
    password: secret,
    snapshot: value,
  }),
  AzureSqlDatabase: sqlServer,
  AzureSqlDW: sqlServer,
  AzureSqlMI: sqlServer,
  FileServer: openRecord({ host: value.describe('A folder of this machine') }),
  HttpServer: openRecord(http),
  RestService: openRecord(http),
  SQLite: openRecord({ connectionString: secret.describe('Data Source=<file>') }),
  SqlServer: sqlServer,
} as const satisfies Readonly<Record<string, z.ZodType>>

/** Linked services that activities call, and vaults of secrets. */
export const calledServiceTypes = {
  AzureFunction: openRecord({ functionAppUrl: value, functionKey: secret, authentication: value }),
  AzureDatabricks: openRecord({
    domain: value,
    accessToken: secret,
    authentication: value,
    existingClusterId: value,
    newClusterVersion: value,
    newClusterNodeType: value,
    newClusterDriverNodeType: value,
    newClusterNumOfWorker: value,
    newClusterSparkConf: value,
    newClusterSparkEnvVars: value,
    newClusterCustomTags: value,
    newClusterInitScripts: value,
    newClusterEnableElasticDisk: value,
    instancePoolId: value,
    policyId: value,
    dataSecurityMode: value,
  }),
  AzureKeyVault: openRecord({
    baseUrl: value.describe(
      'Has no effect: secrets are read from the installation by the name of the linked service',
    ),
  }),
} as const satisfies Readonly<Record<string, z.ZodType>>

export type StoreServiceType = keyof typeof storeServiceTypes

/** typeProperties that are known by type; those of other types are taken as they are, and nothing here uses them. */
export const linkedServiceTypes: Readonly<Record<string, z.ZodType>> = {
  ...storeServiceTypes,
  ...calledServiceTypes,
}

import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, choice, duration, expression, flag, record, text } from '../resource/fields.ts'
import { datasetReference, linkedServiceReference } from './references.ts'

/** Name → value; expressions may give it as an object or as the text of one. */
export const headers = z.union([anyObject(), z.string()]).default({}).describe('Name → value')

export const authentication = anyObject()
  .optional()
  .describe(
    'type Basic (username, password), ClientCertificate (pfx, password) or ServicePrincipal (userTenant, username, password, resource); secrets may be SecureString or AzureKeyVaultSecret',
  )

export const webActivityProperties = record({
  method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: text(),
  headers,
  body: expression().optional().describe('Text, or a value that is sent as JSON'),
  authentication,
  httpRequestTimeout: duration().optional().describe('Longest wait for one response; default 00:01:00'),
  turnOffAsync: flag()
    .default(false)
    .describe('true: 202 with a Location is an answer like any other, not something to be polled'),
  disableCertValidation: flag().default(false).describe('Take any certificate of the server'),
  datasets: z.array(datasetReference).default([]).describe('Sent in the body, resolved'),
  linkedServices: z.array(linkedServiceReference).default([]).describe('Sent in the body, resolved'),
  connectVia: z
    .custom<JsonValue>()
    .optional()
    .describe('An integration runtime: the task queue that factory.yaml maps it to'),
}).describe('Calls an HTTP endpoint and hands on what it answers')

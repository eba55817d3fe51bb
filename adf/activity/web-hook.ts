import { choice, duration, expression, flag, record, text } from '../resource/fields.ts'
import { authentication, headers } from './web-activity.ts'

export const webHookProperties = record({
  method: choice(['POST']).default('POST'),
  url: text(),
  headers,
  body: expression().optional().describe('A JSON object; callBackUri is added to it'),
  timeout: duration().optional().describe('Longest wait for the callback; default 00:10:00'),
  authentication,
  reportStatusOnCallBack: flag()
    .default(false)
    .describe('The callback says how it went: { Output, Error: { ErrorCode, Message }, StatusCode }'),
  disableCertValidation: flag().default(false).describe('Take any certificate of the server'),
}).describe('Calls an endpoint and waits until that calls back')

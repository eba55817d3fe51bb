import { choice, expression, record, text } from '../resource/fields.ts'
import { headers } from './web-activity.ts'

export const azureFunctionProperties = record({
  method: choice(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE']),
  functionName: text().describe('May hold a route and a query: `orders/17?full=true`'),
  headers,
  body: expression().optional().describe('Text, or a value that is sent as JSON'),
}).describe('Calls a function of an Azure Function app, which must answer with a JSON object')

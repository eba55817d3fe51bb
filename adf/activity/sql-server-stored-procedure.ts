import { anyObject, expression, record } from '../resource/fields.ts'

export const sqlServerStoredProcedureProperties = record({
  storedProcedureName: expression().describe('schema.name'),
  storedProcedureParameters: anyObject().optional().describe('{ name: { value, type? } }; null passes NULL'),
}).describe('Calls a stored procedure for its effect')

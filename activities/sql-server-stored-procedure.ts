import { sqlServerStoredProcedureProperties } from '../adf/activity/sql-server-stored-procedure.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { ActivityFunction } from './activity.ts'
import { databaseOf } from './database/dataset-table.ts'
import { databaseCall, procedureParameters } from './database/procedures.ts'
import { parseProperties } from './properties.ts'

/** Calls a stored procedure for its effect, once however often this try is repeated. What it selects is not returned, as in ADF. */
export const sqlServerStoredProcedure: ActivityFunction = async (
  invocation,
  { signal },
  { lake, stores },
) => {
  const { storedProcedureName, storedProcedureParameters } = parseProperties(
    sqlServerStoredProcedureProperties,
    invocation,
  )
  const service = invocation.linkedService
  if (service === null)
    throw new DefinitionError(`activity "${invocation.name}" has no linkedServiceName; name a database`)
  if (typeof storedProcedureName !== 'string' || storedProcedureName === '')
    throw new DefinitionError(
      `activity "${invocation.name}" has storedProcedureName ${JSON.stringify(storedProcedureName)}; it must be a procedure's name`,
    )
  const database = databaseOf(await stores.open(service), `activity "${invocation.name}"`, service)
  const parameters = procedureParameters(storedProcedureParameters ?? {})
  await database.callProcedure(storedProcedureName, await databaseCall(lake, invocation, signal, parameters))
  return { effectiveIntegrationRuntime: 'Headrace' }
}

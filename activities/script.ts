import { scriptProperties } from '../adf/activity/script.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import { parseDuration } from '../adf/resource/duration.ts'
import type { ActivityFunction } from './activity.ts'
import { databaseOf } from './database/dataset-table.ts'
import { databaseCall, parameterOf } from './database/procedures.ts'
import { outputSize, rowJson } from './database/result-json.ts'
import { parseProperties } from './properties.ts'

const defaultTimeoutMs = 2 * 3_600_000

/** Runs SQL scripts in order, each in a transaction of its own, and puts their results together. Each takes effect once, however often this try is repeated. */
export const script: ActivityFunction = async (invocation, { signal }, { lake, stores }) => {
  const { scripts, scriptBlockExecutionTimeout, logSettings } = parseProperties(scriptProperties, invocation)
  const service = invocation.linkedService
  if (service === null)
    throw new DefinitionError(`activity "${invocation.name}" has no linkedServiceName; name a database`)
  const destination = logSettings?.['logDestination']
  if (typeof destination === 'string' && /^externalstore$/i.test(destination))
    throw new DefinitionError(
      `activity "${invocation.name}" has logSettings.logDestination ExternalStore, which is not written here; use ActivityOutput`,
    )
  const timeoutMs =
    scriptBlockExecutionTimeout === undefined ? defaultTimeoutMs : parseDuration(scriptBlockExecutionTimeout)
  if (timeoutMs === null)
    throw new DefinitionError(
      `activity "${invocation.name}" has scriptBlockExecutionTimeout ${JSON.stringify(scriptBlockExecutionTimeout)}; it must be a duration such as 02:00:00`,
    )
  const database = databaseOf(await stores.open(service), `activity "${invocation.name}"`, service)
  const resultSets: JsonObject[] = []
  const outputParameters: Record<string, JsonValue> = {}
  const logs: string[] = []
  const count = outputSize(`activity "${invocation.name}"`)
  let recordsAffected: number | null = null
  for (const [index, one] of scripts.entries()) {
    if (typeof one.text !== 'string')
      throw new DefinitionError(
        `activity "${invocation.name}" has scripts[${index}].text ${JSON.stringify(one.text)}; it must be SQL text`,
      )
    const parameters = (one.parameters ?? []).map(({ name, value, type, direction }) => ({
      name,
      value: parameterOf(value ?? null, type),
      direction,
    }))
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1))])
    const result = await database.script(
      one.text,
      await databaseCall(lake, invocation, limit, parameters, `script ${index}`),
    )
    if (result.recordsAffected !== null) recordsAffected = (recordsAffected ?? 0) + result.recordsAffected
    for (const [name, value] of Object.entries(result.outputParameters))
      Object.assign(outputParameters, rowJson([{ name, type: 'string' }], [value], false))
    logs.push(...result.messages)
    if (one.type === 'NonQuery') continue
    for (const { columns, rows } of result.resultSets) {
      const read = rows.map((row) => rowJson(columns, row, false))
      read.forEach(count)
      resultSets.push({ rowCount: read.length, rows: read })
    }
  }
  return {
    resultSetCount: resultSets.length,
    recordsAffected: recordsAffected ?? 0,
    resultSets,
    outputParameters,
    outputLogs: logs.join('\n'),
    outputLogsLocation: '',
    outputTruncated: false,
    effectiveIntegrationRuntime: 'Headrace',
  }
}

import type { Lake } from '../../lake/lake.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'
import type { JsonValue } from '../../adf/json.ts'
import type { RowValue } from '../../formats/rows/row-stream.ts'
import type { DatabaseCall, DatabaseParameter, ProcedureTexts } from '../../warehouse/database.ts'
import { readPlannedResource } from '../planned-resource.ts'

/** Texts of the factory's `procedure/<schema>.<name>.sql`, as the run's plan froze them; a name without a schema is of `dbo`. */
export async function readProcedures(lake: Lake, { resources }: ActivityInvocation): Promise<ProcedureTexts> {
  const texts: Record<string, string> = {}
  for (const path of Object.keys(resources)) {
    const name = /^procedure\/([^/]+)\.sql$/i.exec(path)?.[1]?.toLowerCase()
    if (name !== undefined)
      texts[name.includes('.') ? name : `dbo.${name}`] = await readPlannedResource(lake, resources, path)
  }
  return texts
}

/** What a database is called with: repeating this try of the activity takes effect once; a new try is a new call, as in ADF. `part` tells calls of one try apart. */
export async function databaseCall(
  lake: Lake,
  invocation: ActivityInvocation,
  signal: AbortSignal,
  parameters: readonly DatabaseParameter[] = [],
  part = '',
): Promise<DatabaseCall> {
  return {
    parameters,
    procedures: await readProcedures(lake, invocation),
    once: onceKey(invocation, part),
    signal,
  }
}

export function onceKey({ run, name, iterationPath, retryAttempt }: ActivityInvocation, part = ''): string {
  return JSON.stringify([run.runId, name, iterationPath, retryAttempt, part])
}

/** A value of a definition as its `type` (String, Int32, Boolean, Datetime …) says; without one as it comes. */
export function parameterOf(value: JsonValue, type: string | undefined): RowValue {
  if (value === null) return null
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'string') return /^(string|guid)$/i.test(type ?? '') ? String(value) : value
  if (
    /^(u?int(16|32|64)?|byte|single|double|decimal)$/i.test(type ?? '') &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  ) {
    const number = Number(value)
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? BigInt(value) : number
  }
  if (/^bool(ean)?$/i.test(type ?? '') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}

/** `storedProcedureParameters`: `{ name: { value, type? } }`, or a plain value. */
export function procedureParameters(given: Readonly<Record<string, JsonValue>>): DatabaseParameter[] {
  return Object.entries(given).map(([name, one]) => {
    const fields = typeof one === 'object' && one !== null && !Array.isArray(one) ? one : { value: one }
    const type = typeof fields['type'] === 'string' ? fields['type'] : undefined
    return { name, value: parameterOf(fields['value'] ?? null, type), direction: 'Input' }
  })
}

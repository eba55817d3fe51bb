import { createHash } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/activity'
import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ActivityInvocation } from '../../adf/run/run.ts'

/** Of ADF's `headers`: an object, or the text of one where an expression made it. */
export function headersOf(given: JsonValue, invocation: ActivityInvocation): Record<string, string> {
  const value: unknown = typeof given === 'string' && given.trim() !== '' ? parsed(given) : given
  if (value === '') return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DefinitionError(
      `activity "${invocation.name}" has headers that are no map of names to values: ${JSON.stringify(given)}`,
    )
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)]),
  )
}

/** Body as sent, and the headers with a content type where the user gave none. */
export function bodyOf(
  body: JsonValue | undefined,
  headers: Readonly<Record<string, string>>,
): { readonly body: string | null; readonly headers: Record<string, string> } {
  if (body === undefined || body === null) return { body: null, headers: { ...headers } }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return { body: text, headers: typed ? { ...headers } : { ...headers, 'Content-Type': 'application/json' } }
}

/**
 * The same for every attempt of one try: a receiver that must not do a thing twice recognises a request that is sent again because
 * a worker died.
 */
export function requestId(invocation: ActivityInvocation): string {
  const { run, name, iterationPath, retryAttempt } = invocation
  const hex = createHash('sha256')
    .update(JSON.stringify([run.runId, run.pipeline, name, iterationPath, retryAttempt]))
    .digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A failure with the code that ADF's documentation gives it. Counted by the activity's retry policy. */
export function serviceFailure(errorCode: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'ServiceFailure',
    message,
    nonRetryable: true,
    details: [{ errorCode, message, failureType: 'UserError' }],
  })
}

/** A value of somebody's JSON for a message or a query. */
export function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

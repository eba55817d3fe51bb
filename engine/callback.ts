import type { JsonObject, JsonValue } from '../adf/json.ts'

export interface CallbackFailure {
  readonly errorCode: string
  readonly message: string
}

/**
 * What a callback says of the activity that waited for it. Without `reportStatusOnCallBack` its body is the output; with it the body is
 * `{ Output, Error: { ErrorCode, Message }, StatusCode }`, and a StatusCode from 400 fails the activity. Names are read whatever their case.
 */
export function readCallback(
  body: JsonValue,
  reportStatus: boolean,
): { readonly output: JsonObject } | { readonly failure: CallbackFailure } {
  if (!reportStatus) return { output: isObject(body) ? body : { Response: body } }
  if (!isObject(body)) return { failure: unreadable(body) }
  const status = Number(field(body, 'StatusCode') ?? 200)
  if (!Number.isFinite(status)) return { failure: unreadable(body) }
  if (status < 400) {
    const output = field(body, 'Output') ?? {}
    return { output: isObject(output) ? output : { Output: output } }
  }
  const error = field(body, 'Error') ?? null
  return {
    failure: {
      errorCode: text(field(error, 'ErrorCode')) ?? String(status),
      message: text(field(error, 'Message')) ?? `The callback reported status ${status}`,
    },
  }
}

function unreadable(body: JsonValue): CallbackFailure {
  return {
    errorCode: 'InvalidCallback',
    message: `The callback must be an object with StatusCode, Output and Error, since reportStatusOnCallBack is true; it was ${JSON.stringify(body).slice(0, 200)}`,
  }
}

function field(owner: JsonValue, name: string): JsonValue | undefined {
  if (!isObject(owner)) return undefined
  return Object.entries(owner).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

function text(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

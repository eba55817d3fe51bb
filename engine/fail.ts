import type { JsonValue } from '../adf/json.ts'
import type { ActivityError } from '../adf/run/run.ts'
import { userError } from './failure.ts'

/** ADF's error of a Fail activity, from its evaluated message and error code. */
export function failError(activity: string, message: JsonValue, errorCode: JsonValue): ActivityError {
  if (message === null) return userError(activity, code(errorCode), "Fail message wasn't provided")
  if (typeof message !== 'string' || message.trim() === '')
    return userError(activity, code(errorCode), `Failed to interpret ${activity} fail message or error code`)
  return userError(activity, code(errorCode), message)
}

function code(errorCode: JsonValue): string {
  if (typeof errorCode === 'number') return String(errorCode)
  return typeof errorCode === 'string' && errorCode.trim() !== '' ? errorCode : 'ErrorCodeNotString'
}

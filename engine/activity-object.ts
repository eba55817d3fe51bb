import type { JsonObject } from '../adf/json.ts'
import type { ActivityError } from '../adf/run/run.ts'
import type { Settlement } from './settlement.ts'

/** What `activity('name')` reads of an activity that has ended; `Status` is ADF's spelling. */
export interface EndedActivity extends Settlement {
  readonly start: string | null
  readonly end: string | null
  readonly activityRunId: string | null
}

/** The object behind `activity('name')`. */
export function activityObject(activity: EndedActivity): JsonObject {
  const { status, output, error, start, end, activityRunId } = activity
  return {
    Status: status,
    output: output ?? {},
    ...(error === null ? {} : { error: errorObject(error) }),
    ActivityRunId: activityRunId,
    ExecutionStartTime: start,
    ExecutionEndTime: end,
    Duration: start === null || end === null ? null : duration(Date.parse(end) - Date.parse(start)),
  }
}

function errorObject(error: ActivityError): JsonObject {
  return { ...error, details: error.details }
}

/** `hh:mm:ss.fffffff`. */
function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const fraction = String(milliseconds % 1000).padStart(3, '0')
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${fraction}0000`
}

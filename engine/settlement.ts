import type { JsonValue } from '../adf/json.ts'
import type { ActivityError } from '../adf/run/run.ts'

/**
 * How an activity ended, as its dependants and its scope see it: TimedOut counts as Failed, an Inactive activity as what
 * it is marked as. `Cancelled` meets no condition: a run that is being cancelled starts nothing more.
 */
export type SettledStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'Cancelled'

/** An activity that has ended, with what `activity('name')` reads of it. */
export interface Settlement {
  readonly status: SettledStatus
  readonly output: JsonValue
  readonly error: ActivityError | null
}

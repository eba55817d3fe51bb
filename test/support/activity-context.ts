import type { ActivityContext } from '../../activities/activity.ts'
import type { JsonValue } from '../../adf/json.ts'

/** The context of an attempt that is called by hand; what it checkpoints is kept in order. */
export function attemptContext(given: Partial<Pick<ActivityContext, 'signal' | 'attempt' | 'cursor'>> = {}) {
  const checkpoints: JsonValue[] = []
  const context: ActivityContext = {
    signal: given.signal ?? new AbortController().signal,
    attempt: given.attempt ?? 1,
    cursor: given.cursor ?? null,
    progress() {},
    checkpoint: (cursor) => void checkpoints.push(cursor),
  }
  return { context, checkpoints }
}

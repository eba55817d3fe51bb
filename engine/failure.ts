import type { ActivityError } from '../adf/run/run.ts'

/** One failed activity of a scope. */
export interface Culprit {
  readonly activity: string
  readonly message: string
}

/** ADF's message of a failed run, one line for each activity that decided it. Users parse it. */
export function runFailureMessage(culprits: readonly Culprit[]): string {
  return culprits
    .map(({ activity, message }) => `Operation on target ${activity} failed: ${message}`)
    .join('\n')
}

/** ADF's error of a container whose inner scope failed; the first culprit stands for all, as in ADF. */
export function containerError(container: string, culprits: readonly Culprit[]): ActivityError {
  const first = culprits[0]
  const inner = first === undefined ? '' : `; Inner activity name: ${first.activity}, Error: ${first.message}`
  return {
    errorCode: 'ActionFailed',
    message: `Activity failed because an inner activity failed${inner}`,
    failureType: 'UserError',
    target: container,
    details: culprits.length > 1 ? culprits.map(({ activity, message }) => ({ activity, message })) : [],
  }
}

/** An error of the definition or of evaluated values: someone has to edit something. */
export function userError(target: string, errorCode: string, message: string): ActivityError {
  return { errorCode, message, failureType: 'UserError', target, details: [] }
}

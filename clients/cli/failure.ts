import { formatIssue, type DefinitionIssue } from '../../adf/errors.ts'
import { exitCodes, type ExitCode } from './exit-codes.ts'

/** What a person reads when a command fails, and its exit code. Told apart by name: causes may come from anywhere. */
export function explainFailure(error: unknown): { readonly text: string; readonly code: ExitCode } {
  if (!(error instanceof Error)) return { text: String(error), code: exitCodes.failed }
  switch (error.name) {
    case 'UsageError':
    case 'SettingsError':
      return { text: error.message, code: exitCodes.usage }
    case 'NotReachableError':
      return { text: error.message, code: exitCodes.notReachable }
    case 'DefinitionError':
      return { text: [error.message, ...issuesOf(error).map(formatIssue)].join('\n'), code: exitCodes.usage }
    case 'RunNotFoundError':
    case 'RunUnderWayError':
    case 'RunEndedError':
    case 'NoAnswerError':
    case 'ActivityNotFoundError':
      return { text: error.message, code: exitCodes.failed }
    default:
      return { text: withCauses(error), code: exitCodes.failed }
  }
}

function issuesOf(error: Error): readonly DefinitionIssue[] {
  return 'issues' in error && Array.isArray(error.issues) ? error.issues : []
}

/** `message: cause: its cause`, without repeating what the message says already. */
function withCauses(error: Error): string {
  let text = error.message || error.name
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!text.includes(cause.message)) text += `: ${cause.message}`
  }
  return text
}

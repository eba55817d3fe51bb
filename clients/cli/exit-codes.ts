/** What a command's exit code means. The same for all commands. */
export const exitCodes = {
  ok: 0,
  /** A run failed or was cancelled, or something went wrong on the way. */
  failed: 1,
  /** The command line, a setting or a definition is wrong. Nothing was started. */
  usage: 2,
  /** Temporal is not reachable. Nothing was started. */
  notReachable: 3,
  /** Ctrl-C, as shells count it. What was started goes on unless the command says otherwise. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The command line is wrong; the message says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Temporal does not answer; the message ends with the command that helps. */
export class NotReachableError extends Error {
  override readonly name = 'NotReachableError'
}

export interface Check {
  readonly name: string
  readonly outcome: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly message: string
  /** What to do about it; null where there is nothing to do. */
  readonly fix: string | null
}

export const ok = (name: string, message: string): Check => ({ name, outcome: 'ok', message, fix: null })
export const warn = (name: string, message: string, fix: string): Check => ({
  name,
  outcome: 'warn',
  message,
  fix,
})
export const fail = (name: string, message: string, fix: string): Check => ({
  name,
  outcome: 'fail',
  message,
  fix,
})

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

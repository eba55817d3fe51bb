import { Problem } from '../expression-error.ts'

/** Characters that a text may grow to. Calls within calls multiply: a dozen of `replace` would fill any memory. */
export const longestText = 10_000_000

/** Throws where a text would get too long; asked before it is made. */
export function checkLength(length: number): void {
  if (length > longestText) throw new Problem(`the result is too large: at most ${longestText} characters`)
}

import type { Environment, Scope } from '../scope.ts'
import type { Value } from '../value.ts'

/** What a function may use besides its arguments. */
export interface Context {
  readonly scope: Scope
  readonly environment: Environment
}

/**
 * A function of the language. Adding one is adding a row to the table of its family. A row throws `Problem` with what is wrong;
 * the evaluator puts the function's name and the place before it.
 */
export type FunctionRow = EagerRow | LazyRow

interface RowBase {
  /** In the documentation's spelling; expressions may use any case. */
  readonly name: string
  /** For messages and documentation: `substring(text, start, [length])`. */
  readonly signature: string
  readonly minArgs: number
  readonly maxArgs: number
}

export interface EagerRow extends RowBase {
  readonly lazy?: false
  evaluate(args: readonly Value[], context: Context): Value
}

/** Evaluates its arguments itself, only those that it needs. */
export interface LazyRow extends RowBase {
  readonly lazy: true
  evaluate(args: readonly (() => Value)[], context: Context): Value
}

/** Any number of arguments. */
export const unbounded = Number.MAX_SAFE_INTEGER

/** `1 argument`, `2 or 3 arguments`, `at least 1 argument`. */
export function arityText(row: FunctionRow): string {
  const { minArgs: min, maxArgs: max } = row
  const plural = (count: number): string => (count === 1 ? 'argument' : 'arguments')
  if (max === unbounded) return `at least ${min} ${plural(min)}`
  if (min === max) return min === 0 ? 'no argument' : `${min} ${plural(min)}`
  return `${min} ${max - min === 1 ? 'or' : 'to'} ${max} arguments`
}

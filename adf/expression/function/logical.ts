import { Problem } from '../expression-error.ts'
import { compareNumbers, equal, isNumber, typeName, type Value } from '../value.ts'
import { at, booleanAt, describe, wrong } from './argument.ts'
import { unbounded, type FunctionRow } from './function-row.ts'

/** The engine compares text as en-US does: a < A < b, so '10' < '9' but 'B' > 'a'. */
let collator: Intl.Collator | undefined

function compare(args: readonly Value[]): number {
  const [left, right] = [at(args, 0), at(args, 1)]
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right)
  if (typeof left === 'string' && typeof right === 'string') {
    // Made on first use: it is slow to make, and every workflow loads this file.
    collator ??= new Intl.Collator('en-US')
    return collator.compare(left, right)
  }
  throw new Problem(
    `the arguments must be two numbers or two strings; they are ${describe(left)} and ${describe(right)}` +
      `${typeName(left) === typeName(right) ? '' : '; convert one with int(), float() or string()'}`,
  )
}

function truth(arg: () => Value, index: number): boolean {
  const value = arg()
  if (typeof value !== 'boolean') throw wrong(index, 'a boolean', value)
  return value
}

export const logicalFunctions: readonly FunctionRow[] = [
  {
    name: 'and',
    signature: 'and(boolean, boolean, …)',
    minArgs: 1,
    maxArgs: unbounded,
    lazy: true,
    evaluate: (args) => args.every(truth),
  },
  {
    name: 'or',
    signature: 'or(boolean, boolean, …)',
    minArgs: 1,
    maxArgs: unbounded,
    lazy: true,
    evaluate: (args) => args.some(truth),
  },
  {
    name: 'not',
    signature: 'not(boolean)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => !booleanAt(args, 0),
  },
  {
    name: 'if',
    signature: 'if(condition, valueIfTrue, valueIfFalse)',
    minArgs: 3,
    maxArgs: 3,
    lazy: true,
    evaluate: ([condition, yes, no]) => {
      const chosen = condition !== undefined && truth(condition, 0) ? yes : no
      return chosen?.() ?? null
    },
  },
  {
    name: 'coalesce',
    signature: 'coalesce(value, …)',
    minArgs: 1,
    maxArgs: unbounded,
    lazy: true,
    evaluate: (args) => {
      for (const arg of args) {
        const value = arg()
        if (value !== null) return value
      }
      return null
    },
  },
  {
    name: 'equals',
    signature: 'equals(value, value)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => {
      const [left, right] = [at(args, 0), at(args, 1)]
      return isNumber(left) && isNumber(right) ? compareNumbers(left, right) === 0 : equal(left, right)
    },
  },
  {
    name: 'greater',
    signature: 'greater(value, than)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => compare(args) > 0,
  },
  {
    name: 'greaterOrEquals',
    signature: 'greaterOrEquals(value, than)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => compare(args) >= 0,
  },
  {
    name: 'less',
    signature: 'less(value, than)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => compare(args) < 0,
  },
  {
    name: 'lessOrEquals',
    signature: 'lessOrEquals(value, than)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => compare(args) <= 0,
  },
]

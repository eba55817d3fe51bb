import { Problem } from '../expression-error.ts'
import {
  asDouble,
  compareNumbers,
  Float,
  float,
  integer,
  isArray,
  isInteger,
  isNumber,
  type Value,
} from '../value.ts'
import { at, describe, numberAt, wrong } from './argument.ts'
import { unbounded, type EagerRow, type FunctionRow } from './function-row.ts'

/** Integers stay integers of 64 bits; with one float both are floats. */
function binary(
  name: string,
  signature: string,
  ofIntegers: (a: bigint, b: bigint) => bigint,
  ofFloats: (a: number, b: number) => number,
): EagerRow {
  return {
    name,
    signature,
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => {
      const [a, b] = [numberAt(args, 0), numberAt(args, 1)]
      if (a instanceof Float || b instanceof Float || !isInteger(a) || !isInteger(b)) {
        return finite(ofFloats(asDouble(a), asDouble(b)))
      }
      return checked(ofIntegers(BigInt(a), BigInt(b)))
    },
  }
}

function checked(value: bigint): Value {
  if (BigInt.asIntN(64, value) !== value)
    throw new Problem(`the result ${value} is outside the integers of 64 bits`)
  return integer(value)
}

function finite(value: number): Value {
  if (!Number.isFinite(value)) throw new Problem('the result is too large for a float')
  return float(value)
}

function notZero<T extends number | bigint>(divisor: T): T {
  if (Number(divisor) === 0) throw new Problem('the second argument is 0; division by zero has no result')
  return divisor
}

function extreme(name: 'max' | 'min', sign: 1 | -1): EagerRow {
  return {
    name,
    signature: `${name}(number, …) or ${name}(array)`,
    minArgs: 1,
    maxArgs: unbounded,
    evaluate: (args) => {
      const only = at(args, 0)
      const items = args.length === 1 && isArray(only) ? only : args
      const numbers = items.map((item, index) => {
        if (!isNumber(item))
          throw new Problem(`all values must be numbers; number ${index + 1} is ${describe(item)}`)
        return item
      })
      if (numbers.length === 0) throw wrong(0, 'an array with at least one number', only)
      const best = numbers.reduce((a, b) => (compareNumbers(b, a) * sign > 0 ? b : a))
      return numbers.every(isInteger) ? best : float(asDouble(best))
    },
  }
}

function random(args: readonly Value[], next: () => number): Value {
  const [min, max] = [at(args, 0), at(args, 1)]
  if (!isInteger(min)) throw wrong(0, 'an integer', min)
  if (!isInteger(max)) throw wrong(1, 'an integer', max)
  if (min > max) throw new Problem(`the minimum ${min} is greater than the maximum ${max}`)
  return integer(BigInt(min) + BigInt(Math.floor(next() * Number(BigInt(max) - BigInt(min)))))
}

export const mathFunctions: readonly FunctionRow[] = [
  binary(
    'add',
    'add(number, number)',
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  binary(
    'sub',
    'sub(number, number)',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  binary(
    'mul',
    'mul(number, number)',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  binary(
    'div',
    'div(dividend, divisor)',
    (a, b) => a / notZero(b),
    (a, b) => a / notZero(b),
  ),
  binary(
    'mod',
    'mod(dividend, divisor)',
    (a, b) => a % notZero(b),
    (a, b) => a % notZero(b),
  ),
  extreme('max', 1),
  extreme('min', -1),
  {
    name: 'rand',
    signature: 'rand(minimum, exclusiveMaximum)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args, { environment }) => random(args, () => environment.random()),
  },
]

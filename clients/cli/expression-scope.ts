import type { Scope } from '../../adf/expression/scope.ts'
import {
  float,
  integer,
  isArray,
  isObject,
  typeName,
  type Value,
  type ValueObject,
} from '../../adf/expression/value.ts'

/** A scope, or a line that brings one, is not as it must be; the message says what is allowed. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError'
}

/** Reads JSON for expressions: integers keep all their digits, and `3.0` stays a float. Throws a SyntaxError. */
export function readJson(text: string): Value {
  // The plain way is much faster, and right where no float or large integer can occur.
  const value: Value = /\d[.eE]|\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text)
  return value
}

function exactly(_key: string, value: Value, context?: { readonly source?: string }): Value {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  if (/[.eE]/.test(source)) return float(value)
  const whole = BigInt(source)
  return BigInt.asIntN(64, whole) === whole ? integer(whole) : value
}

const objects = [
  'parameters',
  'globalParameters',
  'variables',
  'activities',
  'dataset',
  'linkedService',
  'trigger',
  'system',
] as const
const values = ['item', 'triggerBody'] as const
const known: ReadonlySet<string> = new Set([...objects, ...values])

/** What an expression sees, from `{"parameters": {…}, "activities": {"name": {…}}, …}`. Throws a ScopeError. */
export function readScope(value: Value | undefined): Scope {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw new ScopeError(`the scope is ${article(value)}; allowed is an object`)
  const unknown = Object.keys(value).find((key) => !known.has(key))
  if (unknown !== undefined)
    throw new ScopeError(`the scope has ${JSON.stringify(unknown)}; allowed are: ${[...known].join(', ')}`)
  const scope: { -readonly [K in keyof Scope]: Scope[K] } = {}
  for (const key of objects) {
    const part = value[key]
    if (part === undefined || part === null) continue
    if (!isObject(part)) throw new ScopeError(`the scope's ${key} is ${article(part)}; allowed is an object`)
    if (key === 'activities') scope.activities = activitiesOf(part)
    else scope[key] = part
  }
  for (const key of values) if (value[key] !== undefined) scope[key] = value[key]
  return scope
}

function activitiesOf(part: ValueObject): Readonly<Record<string, ValueObject>> {
  const activities: [string, ValueObject][] = []
  for (const [name, activity] of Object.entries(part)) {
    if (!isObject(activity))
      throw new ScopeError(
        `the scope's activity ${JSON.stringify(name)} is ${article(activity)}; allowed is an object such as {"status": "Succeeded", "output": {}}`,
      )
    activities.push([name, activity])
  }
  return Object.fromEntries(activities)
}

function article(value: Value): string {
  const name = isArray(value) ? 'Array' : typeName(value)
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
}

import type { z } from 'zod'
import { show } from './fields.ts'

/** A finding of a schema: where inside the checked value, and what is wrong there. */
export interface SchemaFinding {
  readonly path: readonly (string | number)[]
  readonly message: string
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of properties',
  record: 'a map of names to values',
}

const missing = '; it is missing'

/** Says what zod found in words of a definition, with the value that stands there. */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): SchemaFinding[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n')
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      message: lines[index] ?? 'is not a property here',
    }))
  }
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    const value = valueAt(root, path)
    if (value === undefined)
      return [{ path, message: `is required: it must be ${expectedWords[issue.expected] ?? issue.expected}` }]
    return [
      { path, message: `must be ${expectedWords[issue.expected] ?? issue.expected}; it is ${show(value)}` },
    ]
  }
  // A property that is absent is said to be absent first, then what it has to be.
  const message = issue.message.endsWith(missing)
    ? `is required: it ${issue.message.slice(0, -missing.length)}`
    : issue.message
  return [{ path, message }]
}

/** The value at `path`, property names whatever their case. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value: unknown = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Object.hasOwn(value, part)) {
      value = Reflect.get(value, part)
      continue
    }
    // A list of thousands of wrong items is asked for thousands of times: it has no names to look through.
    if (Array.isArray(value)) return undefined
    const entries: [string, unknown][] = Object.entries(value)
    const wanted = String(part).toLowerCase()
    value = entries.find(([key]) => key.toLowerCase() === wanted)?.[1]
  }
  return value
}

import type { z } from 'zod'
import { isObject } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'

/**
 * Parses by a schema and reports what it finds. Where properties are wrong it parses again without them, so that one mistake does
 * not hide the next; null where nothing usable remains.
 */
export function parseOrSalvage<T extends z.ZodType>(
  schema: T,
  value: unknown,
  base: Path,
  issues: FileIssues,
): z.output<T> | null {
  const first = schema.safeParse(value)
  if (first.success) return first.data
  issues.reportSchema(first.error, value, base)
  if (!isObject(value)) return null
  const wrong = new Set<string>()
  for (const issue of first.error.issues) {
    const at = issue.path[0]
    if (at !== undefined) wrong.add(String(at).toLowerCase())
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) wrong.add(key.toLowerCase())
  }
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !wrong.has(key.toLowerCase())))
  const second = schema.safeParse(rest)
  return second.success ? second.data : null
}

import type { z } from 'zod'
import { valueAt } from '../resource/describe-issue.ts'
import { isObject } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'

const rounds = 10

/**
 * Parses by a schema and reports what it finds. Then parses again without what is wrong, so that one mistake does not hide the
 * next; null where nothing usable remains.
 */
export function parseOrSalvage<T extends z.ZodType>(
  schema: T,
  value: unknown,
  base: Path,
  issues: FileIssues,
): z.output<T> | null {
  let parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  issues.reportSchema(parsed.error, value, base)
  let rest = value
  for (let round = 0; round < rounds; round++) {
    for (const path of wrongPaths(parsed.error, rest)) {
      if (path.length === 0) return null
      rest = without(rest, path)
    }
    parsed = schema.safeParse(rest)
    if (parsed.success) return parsed.data
  }
  return null
}

/** What to leave out: the wrong values themselves, or what lacks a property. Never an item of a list: the others would change place. */
function wrongPaths(error: z.ZodError, root: unknown): Path[] {
  return error.issues.flatMap((issue): Path[] => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => upToList([...path, key]))
    return [upToList(valueAt(root, path) === undefined ? path.slice(0, -1) : path)]
  })
}

function upToList(path: Path): Path {
  const item = path.findIndex((part) => typeof part === 'number')
  return item === -1 ? path : path.slice(0, item)
}

function without(value: unknown, path: Path): unknown {
  if (!isObject(value)) return value
  const [first, ...rest] = path
  const wanted = String(first).toLowerCase()
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key.toLowerCase() !== wanted) return [[key, inner]]
      return rest.length === 0 ? [] : [[key, without(inner, rest)]]
    }),
  )
}

import type { JsonObject, JsonValue } from '../json.ts'
import type { TextProblem } from './parse-text.ts'
import type { Path } from './positions.ts'

/** Values of one document, aliases written out. Stops documents that are small as text and huge as values. */
const valueLimit = 200_000
const depthLimit = 100

/** Copies what YAML gave into plain JSON (aliases become copies), with a problem for each value that JSON cannot hold. */
export function toJson(root: unknown): { value: JsonValue | undefined; problems: TextProblem[] } {
  const problems: TextProblem[] = []
  let count = 0

  const report = (path: Path, message: string, severity: TextProblem['severity'] = 'error'): null => {
    problems.push({ path, line: null, message, severity })
    return null
  }

  const copy = (value: unknown, path: Path): JsonValue => {
    if (++count > valueLimit)
      throw new TooLarge(`holds more than ${valueLimit} values with its aliases written out`)
    if (path.length > depthLimit)
      throw new TooLarge(`is nested more than ${depthLimit} levels deep; an alias may contain itself`)
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        if (!Number.isFinite(value))
          return report(path, `${value} is not a number that JSON knows; quote it to mean text`)
        if (Number.isInteger(value) && !Number.isSafeInteger(value))
          report(path, `${value} is too large to be kept exactly; quote it`, 'warning')
        return value
      case 'object': {
        if (value === null) return null
        if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]))
        const result: JsonObject = {}
        for (const [key, inner] of Object.entries(value)) {
          if (key === '__proto__') report(path, 'has a property "__proto__", which no definition may use')
          else result[key] = copy(inner, [...path, key])
        }
        return result
      }
      default:
        return report(path, `holds a ${typeof value}, which JSON does not know`)
    }
  }

  try {
    return { value: copy(root, []), problems }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return { value: undefined, problems: [{ path: [], line: 1, message: error.message, severity: 'error' }] }
  }
}

class TooLarge extends Error {}

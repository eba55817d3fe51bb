import type { JsonObject, JsonValue } from '../adf/json.ts'
import { isObject } from '../adf/resource/fields.ts'
import type { Path } from '../adf/text/positions.ts'
import { namesOf } from './label.ts'
import type { Expectation, PipelineTest } from './pipeline-test.ts'
import type { Step } from './steps.ts'
import type { UnitRun } from './unit-run.ts'

/** Something is not as a test expects. A value that is undefined is not there at all. */
export interface Difference {
  /** Of the expectation, in its file. */
  readonly path: Path
  readonly expected: JsonValue | undefined
  readonly actual: JsonValue | undefined
  /** Of two lists of activities: what both have, and what only one has, in order. */
  readonly lines?: readonly ListLine[]
}

export interface ListLine {
  readonly side: 'both' | 'expected' | 'actual'
  readonly text: string
}

/** What of a run is not as expected; `path` is where the expectation stands. */
export function compareRun(expect: Expectation, run: UnitRun, path: Path): Difference[] {
  const found: Difference[] = []
  const at = (...parts: Path): Path => [...path, ...parts]
  found.push(...compareValue(expect.status, run.status, at('status')))
  if (expect.message !== undefined)
    found.push(...compareValue(expect.message.trimEnd(), run.message, at('message')))
  if (expect.runs !== undefined)
    found.push(
      ...compareLists(
        expect.runs,
        run.ran.map((step) => step.label),
        at('runs'),
      ),
    )
  if (expect.skipped !== undefined) {
    const skipped = run.unrun.filter(({ status }) => status === 'Skipped').map((step) => step.label)
    found.push(...compareLists(expect.skipped.toSorted(), skipped.toSorted(), at('skipped')))
  }
  for (const [name, wanted] of Object.entries(expect.activities)) {
    const steps = stepsNamed(name, [...run.ran, ...run.unrun])
    if (steps.length === 0)
      found.push({ path: at('activities', name), expected: 'a run of it', actual: 'it was never due' })
    for (const { status, input, output, error } of steps) {
      const actual: Record<string, JsonValue> = {
        status,
        input,
        output,
        error: error === null ? null : { ...error },
      }
      for (const [field, value] of Object.entries(wanted))
        if (value !== undefined)
          found.push(...compareValue(value, actual[field], at('activities', name, field)))
    }
  }
  found.push(...compareNamed(expect.variables, run.variables, at('variables')))
  found.push(...compareNamed(expect.returnValue, run.returnValue, at('returnValue')))
  for (const [pipeline, parameters] of Object.entries(expect.starts)) {
    const started = run.starts[pipeline]
    found.push(...compareValue(parameters, started, at('starts', pipeline)))
  }
  return found
}

/** A test's own stubs of an iteration or a try that never came: it means something else than it says. */
export function unusedStubs({ stubPlaces }: Pick<PipelineTest, 'stubPlaces'>, run: UnitRun): Difference[] {
  return stubPlaces
    .filter(
      ({ name, path }) => path[0] === 'tests' && /[\]#]/.test(name) && !run.played.has(name.toLowerCase()),
    )
    .map(({ path }) => ({ path, expected: 'a run of it', actual: 'it never came' }))
}

/** The steps that a name means: the last try of each place where it names none. */
function stepsNamed(name: string, steps: readonly Step[]): Step[] {
  const wanted = name.toLowerCase()
  const found = new Map<string, Step>()
  for (const step of steps) {
    const { prefix, iterationPath, retryAttempt } = step
    if (namesOf(prefix, step.name, iterationPath, retryAttempt).includes(wanted))
      found.set(/#\d+$/.test(name) ? step.label : `${prefix}${iterationPath}`, step)
  }
  return [...found.values()]
}

/** Maps by the names that `expected` has; lists item by item; all else as a whole. */
export function compareValue(expected: JsonValue, actual: JsonValue | undefined, path: Path): Difference[] {
  if (isObject(expected) && isObject(actual)) return compareNamed(expected, actual, path)
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return expected.flatMap((item, index) => compareValue(item, actual[index], [...path, index]))
  return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [{ path, expected, actual }]
}

function compareNamed(expected: JsonObject, actual: JsonObject, path: Path): Difference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const key = Object.keys(actual).find((one) => one.toLowerCase() === name.toLowerCase())
    return compareValue(value, key === undefined ? undefined : actual[key], [...path, name])
  })
}

function compareLists(expected: readonly string[], actual: readonly string[], path: Path): Difference[] {
  const lines = diff(expected, actual)
  if (lines.every(({ side }) => side === 'both')) return []
  return [{ path, expected: [...expected], actual: [...actual], lines }]
}

/** The longest common part stands, the rest is marked with whose it is. Names compare regardless of case. */
function diff(expected: readonly string[], actual: readonly string[]): ListLine[] {
  const same = (i: number, j: number): boolean => expected[i]?.toLowerCase() === actual[j]?.toLowerCase()
  const common = Array.from({ length: expected.length + 1 }, () =>
    Array.from({ length: actual.length + 1 }, () => 0),
  )
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0
  for (let i = expected.length - 1; i >= 0; i -= 1) {
    for (let j = actual.length - 1; j >= 0; j -= 1) {
      const row = common[i]
      if (row !== undefined) row[j] = same(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: ListLine[] = []
  let i = 0
  let j = 0
  while (i < expected.length || j < actual.length) {
    if (i < expected.length && j < actual.length && same(i, j)) {
      lines.push({ side: 'both', text: actual[j] ?? '' })
      i += 1
      j += 1
    } else if (i < expected.length && (j >= actual.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ side: 'expected', text: expected[i] ?? '' })
      i += 1
    } else {
      lines.push({ side: 'actual', text: actual[j] ?? '' })
      j += 1
    }
  }
  return lines
}

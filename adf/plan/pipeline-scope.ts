import type { JsonObject, JsonValue } from '../json.ts'
import { isObject } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { Upstream } from './check-expressions.ts'
import type { FileIssues } from './file-issues.ts'
import type { Factory } from './load-factory.ts'
import type { PlannedActivity, PlannedPipeline } from './plan.ts'

/** Names by their lower-case form, as ADF compares them, with the spelling that declares them. */
export type Names = ReadonlyMap<string, string>

/** Activities that hold activities, and under which properties. */
export const branches = ['activities', 'ifTrueActivities', 'ifFalseActivities', 'defaultActivities'] as const

/** What the activities of one pipeline are checked against, and what they turn out to need. */
export interface PipelineScope {
  readonly factory: Factory
  readonly issues: FileIssues
  readonly pipeline: string
  readonly parameters: Names
  readonly variables: ReadonlyMap<
    string,
    { name: string; type: PlannedPipeline['variables'][string]['type'] | null }
  >
  readonly globalParameters: Names
  /** Of the whole pipeline, inner ones included. */
  readonly activities: Names
  readonly resolveList: ResolveList
  readonly used: {
    readonly datasets: Set<string>
    readonly linkedServices: Set<string>
    readonly pipelines: Set<string>
  }
}

/** Checks a list of activities: what a container does with its branches. */
export type ResolveList = (
  list: JsonValue | undefined,
  at: ListScope,
  scope: PipelineScope,
) => PlannedActivity[]

/** Where in the pipeline a list of activities stands. */
export interface ListScope {
  readonly path: Path
  /** Inside a ForEach: `item()` is there. */
  readonly inLoop: boolean
  /** Lower-case names of activities that have ended when the list's container starts, inner ones included. */
  readonly upstream: Upstream
  readonly depth: number
}

export function namesOf(names: Iterable<string>): Names {
  return new Map([...names].map((name) => [name.toLowerCase(), name]))
}

/** An activity as written, wherever it stands. */
export interface FoundActivity {
  readonly name: string
  readonly path: Path
}

const deepest = 20

/** Names of the activities of a list and of all that they hold, in the order of the text. */
export function* findActivities(
  list: JsonValue | undefined,
  path: Path,
  depth = 0,
): Generator<FoundActivity> {
  if (!Array.isArray(list) || depth > deepest) return
  for (const [index, activity] of list.entries()) {
    if (!isObject(activity)) continue
    const at = [...path, index]
    const name = property(activity, 'name')
    if (typeof name === 'string') yield { name, path: at }
    const properties = property(activity, 'typeProperties')
    if (isObject(properties)) yield* findInner(properties, [...at, 'typeProperties'], depth)
  }
}

/** Names inside a container, by its typeProperties. */
export function* findInner(properties: JsonObject, path: Path, depth = 0): Generator<FoundActivity> {
  for (const branch of branches) {
    yield* findActivities(property(properties, branch), [...path, branch], depth + 1)
  }
  const cases = property(properties, 'cases')
  if (!Array.isArray(cases)) return
  for (const [index, one] of cases.entries()) {
    if (!isObject(one)) continue
    yield* findActivities(property(one, 'activities'), [...path, 'cases', index, 'activities'], depth + 1)
  }
}

/** A property by its name, whatever the case. */
export function property(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name]
  const wanted = name.toLowerCase()
  const key = Object.keys(object).find((one) => one.toLowerCase() === wanted)
  return key === undefined ? undefined : object[key]
}

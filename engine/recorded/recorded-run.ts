import { evaluate } from '../../adf/expression/evaluate.ts'
import { Problem } from '../../adf/expression/expression-error.ts'
import type { Environment, Scope } from '../../adf/expression/scope.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { PlannedPipeline } from '../../adf/plan/plan.ts'
import type { ActivityRunRecord } from '../../adf/run/run.ts'
import { activityObject } from '../activity-object.ts'
import { activityPlaces, comesAfter, type ActivityPlace, type ActivityPlaces } from './activity-places.ts'
import { RecordedVariables } from './recorded-variables.ts'

/** What a run is known by after the fact: its plan's pipeline, what it began with, and the rows of its activity runs. */
export interface RecordedFacts {
  readonly pipeline: PlannedPipeline
  readonly system: JsonObject
  readonly parameters: JsonObject
  readonly globalParameters: JsonObject
  /** In the order in which they ended. */
  readonly rows: readonly ActivityRunRecord[]
}

export interface RecordedActivity {
  readonly row: ActivityRunRecord
  readonly place: ActivityPlace
  /** Among the rows of the run. */
  readonly position: number
  readonly indices: readonly string[]
}

/** When an expression was evaluated: as an activity run began, or as it ended. */
export interface Moment {
  readonly of: RecordedActivity
  readonly at: 'start' | 'end'
}

/**
 * A run as its records tell it: what an expression saw where and when it stood. Exact but for what records do not hold: outputs and
 * inputs kept secret, SecureString parameters, the order within one millisecond of what runs in parallel, and `guid()` and `rand()`.
 * What is not known is an error where an expression reads it, never an empty value.
 */
export class RecordedRun {
  readonly places: ActivityPlaces
  readonly activities: readonly RecordedActivity[]
  readonly #facts: RecordedFacts
  readonly #variables: RecordedVariables
  readonly #parameters: JsonObject
  /** By name and by the loop iterations that it can be read in. */
  readonly #bySight = new Map<string, RecordedActivity[]>()
  readonly #items = new Map<string, JsonValue>()

  constructor(facts: RecordedFacts) {
    this.#facts = facts
    this.places = activityPlaces(facts.pipeline)
    this.activities = facts.rows.flatMap((row, position) => {
      const place = this.places.get(row.activity.toLowerCase())
      const indices = row.iterationPath === '' ? [] : row.iterationPath.split('.')
      return place === undefined ? [] : [{ row, place, position, indices }]
    })
    for (const one of this.activities) {
      const key = sightKey(one.place, one.indices)
      const known = this.#bySight.get(key)
      if (known === undefined) this.#bySight.set(key, [one])
      else known.push(one)
    }
    this.#variables = new RecordedVariables(facts.pipeline, this.activities)
    this.#parameters = knownParameters(facts)
  }

  /** What could be seen at a moment; null: at top level, after all that is recorded. */
  scopeAt(moment: Moment | null): Scope {
    const { system, globalParameters } = this.#facts
    const scope = {
      system,
      globalParameters,
      parameters: this.#parameters,
      variables: this.#variables.at((one) => isBefore(one, moment)),
      activities: this.#activitiesAt(moment),
    }
    if (moment === null || !moment.of.place.loops.some((loop) => loop.type === 'ForEach')) return scope
    return Object.defineProperty(scope, 'item', { enumerable: true, get: () => this.#itemAt(moment) })
  }

  #activitiesAt(moment: Moment | null): Record<string, JsonObject> {
    const seen: Record<string, JsonObject> = {}
    for (const place of this.places.values()) {
      const depth = sightDepth(place)
      const from = moment?.of.place.loops ?? []
      if (place.loops.slice(0, depth).some((loop, index) => loop !== from[index])) continue
      const found = this.#bySight
        .get(sightKey(place, moment?.of.indices ?? []))
        ?.findLast((one) => isBefore(one, moment))
      if (found === undefined) continue
      const object = objectOf(found)
      if (object !== null) seen[place.activity.name] = object
    }
    return seen
  }

  /** `item()` is the loop's list, evaluated as the loop began, at the iteration's index. */
  #itemAt(moment: Moment): JsonValue {
    const { place, indices } = moment.of
    const depth = sightDepth(place)
    const loop = place.loops[depth - 1]
    const loopPlace = this.places.get(loop?.name.toLowerCase() ?? '')
    if (loop?.type !== 'ForEach' || loopPlace === undefined) throw new Problem('is not available here')
    const outer = indices.slice(0, depth - 1)
    const key = JSON.stringify([loop.name, outer])
    const known = this.#items.get(key)
    const items = known ?? this.#itemsOf(loop.items, loopPlace, outer, moment)
    this.#items.set(key, items)
    const item = Array.isArray(items) ? items[Number(indices[depth - 1])] : undefined
    if (item === undefined)
      throw new Problem(`is not known: the items of '${loop.name}' come out otherwise than in the run`)
    return item
  }

  #itemsOf(items: JsonValue, place: ActivityPlace, indices: readonly string[], inside: Moment): JsonValue {
    const recorded = this.#bySight
      .get(sightKey(place, indices))
      ?.findLast((one) => one.row.iterationPath === indices.join('.'))
    // A loop that still runs has no row; it began before what is in it.
    const moment: Moment = { of: recorded ?? { ...inside.of, place, indices }, at: 'start' }
    return evaluate(items, this.scopeAt(moment), environmentAt(moment))
  }
}

/** The clock as it stood; `guid()` and `rand()` cannot be known again. */
export function environmentAt({ of, at }: Moment): Environment {
  const time = Date.parse(at === 'start' ? of.row.start : (of.row.end ?? of.row.start))
  return { now: () => time, guid: () => '00000000-0000-0000-0000-000000000000', random: () => 0 }
}

/** How many loops from outside decide who can read an activity: those to its innermost ForEach. An Until's rounds are read from outside. */
function sightDepth(place: ActivityPlace): number {
  return place.loops.findLastIndex((loop) => loop.type === 'ForEach') + 1
}

function sightKey(place: ActivityPlace, indices: readonly string[]): string {
  return JSON.stringify([place.activity.name, ...indices.slice(0, sightDepth(place))])
}

function isBefore(one: RecordedActivity, moment: Moment | null): boolean {
  if (moment === null) return true
  const { of, at } = moment
  if (at === 'end') return one.position < of.position
  const end = one.row.end ?? ''
  if (end !== of.row.start) return end < of.row.start
  if (one.position >= of.position) return false
  if (of.row.start === of.row.end || comesAfter(of.place, one.place)) return true
  const apart = of.indices.findIndex((index, level) => one.indices[level] !== index)
  return apart === -1 ? one.place.order < of.place.order : one.indices[apart] !== undefined
}

/** Null: skipped, which cannot be read. */
function objectOf({ row, place }: RecordedActivity): JsonObject | null {
  const { inactiveAs, policy } = place.activity
  const settled = row.status === 'Inactive' ? inactiveAs : row.status
  if (settled === null || settled === 'Skipped') return null
  const status = settled === 'Succeeded' || settled === 'Cancelled' ? settled : 'Failed'
  const { output, error, start, end, activityRunId } = row
  const object = activityObject({ status, output, error, start, end, activityRunId })
  if (!policy.secureOutput || row.status !== 'Succeeded') return object
  return Object.defineProperty(object, 'output', {
    enumerable: false,
    get: unknown(
      `the output of '${row.activity}' is not recorded, its policy says secureOutput: give it with --scope, or take secureOutput away and run again`,
    ),
  })
}

function knownParameters({ pipeline, parameters }: RecordedFacts): JsonObject {
  const known = { ...parameters }
  for (const [name, { type }] of Object.entries(pipeline.parameters))
    if (type === 'SecureString')
      Object.defineProperty(known, name, {
        enumerable: false,
        get: unknown(`the parameter '${name}' is a SecureString, which is not shown: give it with --scope`),
      })
  return known
}

function unknown(reason: string): () => never {
  return () => {
    throw new Problem(reason)
  }
}

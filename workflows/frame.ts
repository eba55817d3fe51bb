import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityError } from '../adf/run/run.ts'
import type { Settlement } from '../engine/settlement.ts'

/** What `activity('name')` reads of an activity that has ended; `Status` is ADF's spelling. */
export interface EndedActivity extends Settlement {
  readonly start: string | null
  readonly end: string | null
  readonly activityRunId: string | null
}

/**
 * Where an activity stands: the ended activities that it can read, `item()`, and the place in nested loops. An iteration
 * has a frame of its own; a branch or a round shares that of its container, since its outputs are read afterwards.
 */
export class Frame {
  readonly #parent: Frame | null
  readonly #ended = new Map<string, { readonly name: string; readonly activity: EndedActivity }>()
  /** Undefined outside loops. */
  readonly item: JsonValue | undefined
  readonly iterationPath: string

  constructor(parent: Frame | null, item: JsonValue | undefined, iterationPath: string) {
    this.#parent = parent
    this.item = item
    this.iterationPath = iterationPath
  }

  /** The frame of one iteration. */
  iteration(index: number, item: JsonValue): Frame {
    return new Frame(this, item, iterationPath(this.iterationPath, index))
  }

  /** The same place and the same outputs, one round further: what ends inside is read from outside too. */
  round(index: number): Frame {
    return new Round(this, iterationPath(this.iterationPath, index))
  }

  end(name: string, activity: EndedActivity): void {
    this.#ended.set(name.toLowerCase(), { name, activity })
  }

  /** What ended in this frame itself. */
  own(): Record<string, EndedActivity> {
    return Object.fromEntries([...this.#ended.values()].map(({ name, activity }) => [name, activity]))
  }

  /** Every ended activity in sight, the innermost of one name. */
  activities(): Record<string, EndedActivity> {
    const seen = this.#parent?.activities() ?? {}
    for (const { name, activity } of this.#ended.values()) seen[name] = activity
    return seen
  }
}

class Round extends Frame {
  readonly #outer: Frame

  constructor(outer: Frame, path: string) {
    super(outer, outer.item, path)
    this.#outer = outer
  }

  override end(name: string, activity: EndedActivity): void {
    this.#outer.end(name, activity)
  }
}

export function iterationPath(outer: string, index: number): string {
  return outer === '' ? String(index) : `${outer}.${index}`
}

/** The object behind `activity('name')`. Skipped activities cannot be read. */
export function activityObjects(frame: Frame): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries(frame.activities())
      .filter(([, activity]) => activity.status !== 'Skipped')
      .map(([name, activity]) => [name, activityObject(activity)]),
  )
}

/** An activity that has ended does not change. */
const objects = new WeakMap<EndedActivity, JsonObject>()

function activityObject(activity: EndedActivity): JsonObject {
  const known = objects.get(activity)
  if (known !== undefined) return known
  const made = objectOf(activity)
  objects.set(activity, made)
  return made
}

function objectOf(activity: EndedActivity): JsonObject {
  const { status, output, error, start, end, activityRunId } = activity
  return {
    Status: status,
    output: output ?? {},
    ...(error === null ? {} : { error: errorObject(error) }),
    ActivityRunId: activityRunId,
    ExecutionStartTime: start,
    ExecutionEndTime: end,
    Duration: start === null || end === null ? null : duration(Date.parse(end) - Date.parse(start)),
  }
}

function errorObject(error: ActivityError): JsonObject {
  return { ...error, details: error.details }
}

/** `hh:mm:ss.fffffff`. */
function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const fraction = String(milliseconds % 1000).padStart(3, '0')
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${fraction}0000`
}

import type { JsonObject, JsonValue } from '../adf/json.ts'
import { activityObject, type EndedActivity } from '../engine/activity-object.ts'

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
      .map(([name, activity]) => [name, objectOf(activity)]),
  )
}

/** An activity that has ended does not change. */
const objects = new WeakMap<EndedActivity, JsonObject>()

function objectOf(activity: EndedActivity): JsonObject {
  const known = objects.get(activity)
  if (known !== undefined) return known
  const made = activityObject(activity)
  objects.set(activity, made)
  return made
}

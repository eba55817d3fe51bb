import type { ControlActivity, PlannedActivity, PlannedPipeline } from '../../adf/plan/plan.ts'
import { sameName } from '../name.ts'
import { scopesOf } from '../activities-of.ts'

export type Loop = Extract<ControlActivity, { type: 'ForEach' | 'Until' }>

/** Where an activity stands in its pipeline. */
export interface ActivityPlace {
  readonly activity: PlannedActivity
  /** The activity that holds it; null at top. */
  readonly container: ActivityPlace | null
  /** The loops around it, from outside in: one number each in an iteration path. */
  readonly loops: readonly Loop[]
  /** Counts through the pipeline, a container before what it holds. */
  readonly order: number
  /** What stands in the same list of activities. */
  readonly siblings: readonly PlannedActivity[]
}

/** Every activity of a pipeline by its name in lower case; names are unique in a pipeline. */
export type ActivityPlaces = ReadonlyMap<string, ActivityPlace>

export function activityPlaces(pipeline: Pick<PlannedPipeline, 'activities'>): ActivityPlaces {
  const places = new Map<string, ActivityPlace>()
  const visit = (siblings: readonly PlannedActivity[], container: ActivityPlace | null): void => {
    for (const activity of siblings) {
      const around = container?.activity
      const loops =
        container === null
          ? []
          : around?.type === 'ForEach' || around?.type === 'Until'
            ? [...container.loops, around]
            : container.loops
      const place = { activity, container, loops, order: places.size, siblings }
      places.set(activity.name.toLowerCase(), place)
      for (const inside of scopesOf(activity)) visit(inside, place)
    }
  }
  visit(pipeline.activities, null)
  return places
}

/** Whether `place` began only after `other` had ended: by dependsOn, its own or that of what holds it. */
export function comesAfter(place: ActivityPlace, other: ActivityPlace): boolean {
  for (let at: ActivityPlace | null = place; at !== null; at = at.container)
    if (dependsOn(at, other, new Set())) return true
  return false
}

function dependsOn(place: ActivityPlace, other: ActivityPlace, seen: Set<string>): boolean {
  return place.activity.dependsOn.some((dependency) => {
    const name = dependency.activity
    if (seen.has(name)) return false
    seen.add(name)
    for (let at: ActivityPlace | null = other; at !== null; at = at.container)
      if (at.siblings === place.siblings && sameName(at.activity.name, name)) return true
    const activity = place.siblings.find((one) => sameName(one.name, name))
    return activity !== undefined && dependsOn({ ...place, activity }, other, seen)
  })
}

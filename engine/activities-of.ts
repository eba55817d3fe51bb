import type { PlannedActivity } from '../adf/plan/plan.ts'

/** The lists of activities that a container holds; none where it is not one. */
export function scopesOf(activity: PlannedActivity): readonly (readonly PlannedActivity[])[] {
  switch (activity.type) {
    case 'ForEach':
    case 'Until':
      return [activity.activities]
    case 'IfCondition':
      return [activity.ifTrue, activity.ifFalse]
    case 'Switch':
      return [...activity.cases.map((one) => one.activities), activity.defaultActivities]
    default:
      return []
  }
}

/** These activities and all that they hold, in the order of the definition. */
export function innerActivities(activities: readonly PlannedActivity[]): PlannedActivity[] {
  return activities.flatMap((activity) => [activity, ...scopesOf(activity).flatMap(innerActivities)])
}

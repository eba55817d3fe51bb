import type { PlannedActivity } from '../adf/plan/plan.ts'

/** What one scheduled activity adds to a history: scheduled, started, completed, and the workflow task that reacts. */
const eventsOfOneActivity = 6
/** Items and rounds of loops inside loops are not known beforehand. */
const guessedIterations = 20

/** Roughly how many history events one pass through these activities makes when nothing is retried. */
export function estimatedEvents(activities: readonly PlannedActivity[]): number {
  return activities.reduce((sum, activity) => sum + eventsOf(activity), 0)
}

function eventsOf(activity: PlannedActivity): number {
  switch (activity.type) {
    case 'SetVariable':
    case 'AppendVariable':
    case 'Filter':
    case 'Fail':
      return 0
    case 'IfCondition':
      return Math.max(estimatedEvents(activity.ifTrue), estimatedEvents(activity.ifFalse))
    case 'Switch':
      return Math.max(
        estimatedEvents(activity.defaultActivities),
        ...activity.cases.map((one) => estimatedEvents(one.activities)),
      )
    case 'ForEach':
    case 'Until':
      return guessedIterations * estimatedEvents(activity.activities)
    case 'ExecutePipeline':
      return eventsOfOneActivity + 2
    default:
      return eventsOfOneActivity
  }
}

/** Where loops change their ways, in history events; a history must stay below 10,000. */
export const historyLimits = {
  /** A loop that is expected to end below this runs inside its workflow. */
  inline: 6_000,
  /** A loop that runs inside its workflow hands what is left to lanes beyond this. */
  handOver: 7_000,
  /** A lane continues as new beyond this, once what is in flight has ended. */
  continueAsNew: 6_000,
} as const

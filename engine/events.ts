import type { PlannedActivity } from '../adf/plan/plan.ts'

/** What one scheduled activity adds to a history: scheduled, started, completed, and the workflow task that reacts. */
const eventsOfOneActivity = 6
/** Four children, each initiated, started and completed, with the workflow tasks that react. */
const eventsOfLanes = 4 * 6
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

/**
 * What one pass through these activities may add to a history that is nearly full: loops inside find that there is no room for them and
 * run in lanes.
 */
export function passEvents(activities: readonly PlannedActivity[]): number {
  return activities.reduce((sum, activity) => sum + passEventsOf(activity), 0)
}

function passEventsOf(activity: PlannedActivity): number {
  switch (activity.type) {
    case 'IfCondition':
      return Math.max(passEvents(activity.ifTrue), passEvents(activity.ifFalse))
    case 'Switch':
      return Math.max(
        passEvents(activity.defaultActivities),
        ...activity.cases.map((one) => passEvents(one.activities)),
      )
    case 'ForEach':
    case 'Until':
      return eventsOfLanes
    default:
      return eventsOf(activity)
  }
}

/** Where loops change their ways, in history events; a history must stay below 10,000. */
export const historyLimits = {
  /** A loop that is expected to end below this runs inside its workflow. */
  inline: 6_600,
  /** A loop that runs inside its workflow hands what is left to lanes beyond this. */
  handOver: 7_000,
  /** What a lane has in flight may end up to here; then it starts nothing more, and continues as new. */
  continueAsNew: 7_000,
  /** An activity that is to be tried again goes on in a lane beyond this. */
  tries: 4_000,
  /** A lane of tries continues as new beyond this. */
  triesInLane: 1_000,
} as const

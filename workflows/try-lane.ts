import { CancelledFailure, CancellationScope, continueAsNew } from '@temporalio/workflow'
import type { JsonObject } from '../adf/json.ts'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import { runActivity } from './activity-run.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import { answer, laneFrame, laneRun } from './lane-run.ts'
import type { LaneScope } from './lane.ts'
import { StatusNode } from './status-node.ts'

/** Tries of one activity that its own workflow has no room for. */
export interface TryTask extends LaneScope {
  readonly activity: PlannedActivity
}

/** Where the tries stand; carried through continue-as-new. */
export interface TryState {
  /** ADF's count of the try that comes next. */
  readonly next: number
  readonly paused: boolean
  /** As they stood when the tries left their run. */
  readonly variables: JsonObject
}

export type TryWorkflow = (task: TryTask, state: TryState) => Promise<EndedActivity>

/**
 * Goes on with the tries of an activity and continues as new whenever its history is full: there may be thousands. Containers are not
 * among them, what fails inside is final: so nothing is brought back but how the activity ended.
 */
export async function tryLane(task: TryTask, state: TryState): Promise<EndedActivity> {
  const { activity } = task
  const run = laneRun(task, state)
  const frame = laneFrame(task)
  const node = new StatusNode(activity.name, activity.type)
  answer(run, node)

  let next: number | null = null
  let settlement: EndedActivity
  try {
    settlement = await runActivity(run, activity, frame, node, true, {
      from: state.next,
      handOver: (from, last) => {
        next = from
        return last
      },
    })
  } finally {
    await run.records.close()
  }
  if (CancellationScope.current().consideredCancelled)
    throw new CancelledFailure('The activity was cancelled')
  if (next === null) return settlement
  return continueAsNew<TryWorkflow>(task, { ...state, next, paused: run.pauses.paused })
}

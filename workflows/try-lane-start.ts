import { startChild } from '@temporalio/workflow'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import { tryLaneType } from '../adf/run/run.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import type { Frame } from './frame.ts'
import { laneScope, runChild } from './lane.ts'
import type { Run } from './run.ts'
import type { StatusNode } from './status-node.ts'
import type { TryState, TryTask, TryWorkflow } from './try-lane.ts'

/** Runs the tries of an activity from the `next`-th on in a lane of their own. */
export function runTriesInLane(
  run: Run,
  activity: PlannedActivity,
  frame: Frame,
  node: StatusNode,
  next: number,
): Promise<EndedActivity> {
  const task: TryTask = { ...laneScope(run, activity, frame), activity }
  const state: TryState = { next, paused: run.pauses.paused, variables: run.variables.values() }
  return runChild(
    run,
    node,
    `${activity.name}[${frame.iterationPath}]/tries-${next}`,
    `${activity.name}: tries from ${next + 1} on`,
    (options) => startChild<TryWorkflow>(tryLaneType, { ...options, args: [task, state] }),
  )
}

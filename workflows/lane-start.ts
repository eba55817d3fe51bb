import { startChild } from '@temporalio/workflow'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ControlActivity } from '../adf/plan/plan.ts'
import { loopLaneType } from '../adf/run/run.ts'
import type { LaneShare } from '../engine/lanes.ts'
import type { VariableOperation } from '../engine/variables.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import type { Frame } from './frame.ts'
import type { IterationTally } from './iterations.ts'
import { emptyTally } from './iterations.ts'
import type { LaneScope } from './lane.ts'
import { laneScope, runChild } from './lane.ts'
import type { RoundsResult } from './rounds.ts'
import type { Run } from './run.ts'
import type { StatusNode } from './status-node.ts'

/** What a loop says, the same for all of its lanes and all they continue as: one payload. */
export interface LaneTask extends LaneScope {
  readonly loop: Extract<ControlActivity, { type: 'ForEach' | 'Until' }>
}

/** Where a lane stands; carried through continue-as-new. */
export interface LaneState {
  readonly share: LaneShare
  /** First position in the lane's items, or the round, that has not been started. */
  readonly next: number
  /** Until only: milliseconds since 1970. */
  readonly deadline: number
  readonly paused: boolean
  readonly variables: JsonObject
  readonly operations: readonly VariableOperation[]
  readonly tally: IterationTally
  /** Until: what ended in the last round. */
  readonly ended: Readonly<Record<string, EndedActivity>>
}

export interface LaneResult {
  readonly tally: IterationTally
  readonly operations: readonly VariableOperation[]
  readonly ended: Readonly<Record<string, EndedActivity>>
  /** Null for a ForEach. */
  readonly rounds: RoundsResult | null
}

export type LaneWorkflow = (task: LaneTask, items: JsonValue[], state: LaneState) => Promise<LaneResult>

export function laneTask(run: Run, loop: LaneTask['loop'], frame: Frame): LaneTask {
  return { ...laneScope(run, loop, frame), loop }
}

/** Runs a lane of a loop to its end. */
export async function runLane(
  run: Run,
  node: StatusNode,
  task: LaneTask,
  items: JsonValue[],
  share: LaneShare,
  deadline = 0,
): Promise<LaneResult> {
  const state: LaneState = {
    share,
    next: task.loop.type === 'Until' ? share.index : 0,
    deadline,
    paused: run.pauses.paused,
    variables: run.variables.values(),
    operations: [],
    tally: emptyTally,
    ended: {},
  }
  return runChild(
    run,
    node,
    `${task.loop.name}[${task.iterationPath}]/lane-${share.index}`,
    `${task.loop.name}: lane ${share.index + 1} of ${share.stride}`,
    (options) => startChild<LaneWorkflow>(loopLaneType, { ...options, args: [task, items, state] }),
  )
}

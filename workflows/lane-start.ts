import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow'
import { references } from '../adf/expression/references.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ControlActivity, Plan } from '../adf/plan/plan.ts'
import type { RunContext } from '../adf/run/run.ts'
import type { LaneShare } from '../engine/lanes.ts'
import { sameName } from '../engine/name.ts'
import type { VariableOperation } from '../engine/variables.ts'
import type { EndedActivity, Frame } from './frame.ts'
import type { IterationTally } from './iterations.ts'
import { emptyTally } from './iterations.ts'
import type { RoundsResult } from './rounds.ts'
import type { Run } from './run.ts'
import type { StatusNode } from './status-node.ts'

/** Name of the workflow type that runs a lane; no pipeline may have it. */
export const laneWorkflowType = 'loopLane'

/** What a loop says, the same for all of its lanes and all they continue as: one payload. */
export interface LaneTask {
  readonly plan: Plan
  readonly pipeline: string
  readonly context: RunContext
  readonly parameters: JsonObject
  readonly system: JsonObject
  readonly loop: Extract<ControlActivity, { type: 'ForEach' | 'Until' }>
  /** Activities outside the loop that its expressions read. */
  readonly outer: Readonly<Record<string, EndedActivity>>
  /** `item()` of a loop around this one; null where there is none. */
  readonly item: { readonly value: JsonValue } | null
  readonly iterationPath: string
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
  const { plan, pipeline, context, parameters, system } = run
  return {
    plan,
    pipeline: pipeline.name,
    context,
    parameters,
    system,
    loop,
    outer: readBy(loop, frame),
    item: frame.item === undefined ? null : { value: frame.item },
    iterationPath: frame.iterationPath,
  }
}

/** Starts a lane, lets it pause with this run, waits for its end. A lane's cancellation is this run's. */
export async function runLane(
  run: Run,
  node: StatusNode,
  task: LaneTask,
  items: JsonValue[],
  share: LaneShare,
  deadline = 0,
): Promise<LaneResult> {
  const place = `${task.loop.name}[${task.iterationPath}]`
  const workflowId = `${workflowInfo().workflowId}/${place}/lane-${share.index}`
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
  return run.slots.hold(async () => {
    const child = await startChild<LaneWorkflow>(laneWorkflowType, {
      workflowId,
      args: [task, items, state],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      staticSummary: `${task.loop.name}: lane ${share.index + 1} of ${share.stride}`,
    })
    node.workflowIds.add(workflowId)
    return run.pauses.including(child, child.result())
  })
}

function readBy(loop: LaneTask['loop'], frame: Frame): Record<string, EndedActivity> {
  const inside: JsonValue = JSON.parse(JSON.stringify(loop))
  const { activities, dynamicActivity } = references(inside)
  const inSight = Object.entries(frame.activities())
  if (dynamicActivity) return Object.fromEntries(inSight)
  return Object.fromEntries(inSight.filter(([name]) => activities.some((read) => sameName(read, name))))
}

import type {
  ChildWorkflowHandle,
  ChildWorkflowOptions,
  Workflow,
  WorkflowResultType,
} from '@temporalio/workflow'
import { ParentClosePolicy, workflowInfo } from '@temporalio/workflow'
import { references } from '../adf/expression/references.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { Plan, PlannedActivity } from '../adf/plan/plan.ts'
import type { RunContext } from '../adf/run/run.ts'
import { sameName } from '../engine/name.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import type { StatusNode } from './status-node.ts'

/** What a lane knows of the run around it. */
export interface LaneScope {
  readonly plan: Plan
  readonly pipeline: string
  readonly context: RunContext
  readonly parameters: JsonObject
  readonly system: JsonObject
  /** Activities outside the lane that its expressions read. */
  readonly outer: Readonly<Record<string, EndedActivity>>
  /** `item()` of a loop around this one; null where there is none. */
  readonly item: { readonly value: JsonValue } | null
  readonly iterationPath: string
}

/** What `activity` needs of its run to go on in a lane. */
export function laneScope(run: Run, activity: PlannedActivity, frame: Frame): LaneScope {
  const { plan, pipeline, context, parameters, system } = run
  return {
    plan,
    pipeline: pipeline.name,
    context,
    parameters,
    system,
    outer: readBy(activity, frame),
    item: frame.item === undefined ? null : { value: frame.item },
    iterationPath: frame.iterationPath,
  }
}

/** Runs a child at a place below this run, lets it pause with this run, waits for its end. Its cancellation is this run's. */
export async function runChild<W extends Workflow>(
  run: Run,
  node: StatusNode,
  place: string,
  staticSummary: string,
  start: (options: ChildWorkflowOptions) => Promise<ChildWorkflowHandle<W>>,
): Promise<WorkflowResultType<W>> {
  const workflowId = `${workflowInfo().workflowId}/${place}`
  return run.slots.hold(async () => {
    const child = await start({
      workflowId,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      staticSummary,
    })
    node.workflowIds.add(workflowId)
    return run.pauses.including(child, child.result())
  })
}

function readBy(activity: PlannedActivity, frame: Frame): Record<string, EndedActivity> {
  const inside: JsonValue = JSON.parse(JSON.stringify(activity))
  const { activities, dynamicActivity } = references(inside)
  const inSight = Object.entries(frame.activities())
  if (dynamicActivity) return Object.fromEntries(inSight)
  return Object.fromEntries(inSight.filter(([name]) => activities.some((read) => sameName(read, name))))
}

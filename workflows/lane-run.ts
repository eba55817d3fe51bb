import { setHandler } from '@temporalio/workflow'
import type { JsonObject } from '../adf/json.ts'
import { Variables } from '../engine/variables.ts'
import { Frame } from './frame.ts'
import type { LaneScope } from './lane.ts'
import { pause, PauseGate, resume } from './pause-gate.ts'
import { records, RunRecords } from './records.ts'
import type { WorkflowRun } from './run.ts'
import { EventBudget, workflowEnvironment } from './run.ts'
import { runOnce } from './runners.ts'
import { status } from './run-status.ts'
import { Slots } from './slots.ts'
import type { StatusNode } from './status-node.ts'
import { workflowShell } from './workflow-shell.ts'

/** What all lanes carry through continue-as-new. */
export interface Carried {
  readonly paused: boolean
  readonly variables: JsonObject
}

/** The run as a lane of it sees it. */
export function laneRun(scope: LaneScope, { paused, variables }: Carried): WorkflowRun {
  const { plan, context, parameters, system } = scope
  const pipeline = plan.pipelines[scope.pipeline]
  if (pipeline === undefined) throw new TypeError(`The plan has no pipeline '${scope.pipeline}'`)
  return {
    plan,
    pipeline,
    context,
    parameters,
    system,
    variables: new Variables(pipeline.variables, variables),
    pauses: new PauseGate(paused),
    records: new RunRecords(),
    slots: new Slots(),
    events: new EventBudget(),
    environment: workflowEnvironment(),
    shell: workflowShell,
    runOnce,
  }
}

/** A frame for what ends in the lane; around it what had ended before. */
export function laneFrame({ item, iterationPath, outer }: LaneScope): Frame {
  const around = new Frame(null, item?.value, iterationPath)
  for (const [name, ended] of Object.entries(outer)) around.end(name, ended)
  return new Frame(around, item?.value, iterationPath)
}

/** Lets the lane answer what a run answers; `node` is the activity that the lane carries out. */
export function answer(run: WorkflowRun, node: StatusNode): void {
  const { pipeline, runId, workflowId, batch } = run.context
  setHandler(pause, () => run.pauses.set(true))
  setHandler(resume, () => run.pauses.set(false))
  setHandler(records, () => run.records.unwritten())
  setHandler(status, () => ({
    pipeline,
    runId,
    workflowId,
    batch,
    status: 'InProgress',
    paused: run.pauses.paused,
    start: node.start ?? '',
    end: null,
    message: null,
    activities: [node.toStatus()],
  }))
}

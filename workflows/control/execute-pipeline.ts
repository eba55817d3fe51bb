import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow'
import type { JsonValue } from '../../adf/json.ts'
import type { ControlActivity } from '../../adf/plan/plan.ts'
import type { PipelineRunInput, PipelineRunResult } from '../../adf/run/run.ts'
import type { Try } from '../run.ts'
import { evaluateObject } from '../evaluation.ts'

type ExecutePipeline = Extract<ControlActivity, { type: 'ExecutePipeline' }>
type PipelineWorkflow = (input: PipelineRunInput) => Promise<PipelineRunResult>

/** A child workflow with the same plan. Waiting: cancelled and paused with this run. Not waiting: a run of its own. */
export async function runExecutePipeline(activity: ExecutePipeline, attempt: Try): Promise<JsonValue> {
  const { run, frame, node } = attempt
  const input = childInput(activity, attempt)
  const { runId } = run.context
  const place = `${workflowInfo().workflowId}/${activity.name}[${frame.iterationPath}]`
  const waits = activity.waitOnCompletion
  // An abandoned child may outlive this run: another run of the same workflow id must not meet it.
  const workflowId = waits ? place : `${place}/${runId}`
  return run.slots.hold(async () => {
    const child = await startChild<PipelineWorkflow>(activity.pipeline, {
      workflowId,
      args: [input],
      parentClosePolicy: waits ? ParentClosePolicy.REQUEST_CANCEL : ParentClosePolicy.ABANDON,
      cancellationType: waits ? 'WAIT_CANCELLATION_COMPLETED' : 'ABANDON',
      staticSummary: activity.name,
    })
    node.workflowIds.add(workflowId)
    const started = { pipelineName: activity.pipeline, pipelineRunId: child.firstExecutionRunId }
    if (!waits) return started
    const result = await run.pauses.including(child, child.result())
    return { ...started, pipelineReturnValue: result.returnValue }
  })
}

/** What the child starts with, everything evaluated; also the record's input. */
export function childInput(activity: ExecutePipeline, attempt: Try): PipelineRunInput {
  const { run, frame } = attempt
  const parameters = evaluateObject(run, frame, activity.parameters)
  attempt.input = { pipeline: activity.pipeline, parameters }
  const { runId, groupId } = run.context
  return {
    plan: run.plan,
    pipeline: activity.pipeline,
    parameters,
    trigger: { type: 'PipelineActivity', name: activity.name, id: runId, scheduledTime: null, body: {} },
    invokedBy: { pipelineName: run.pipeline.name, pipelineRunId: runId },
    groupId,
    chain: false,
  }
}

import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common'
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client'
import type { JsonObject } from '../../adf/json.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type { PipelineRunInput, RunTrigger } from '../../adf/run/run.ts'
import type { searchAttributes } from '../../adf/run/status.ts'

export interface StartRequest {
  readonly plan: Plan
  readonly parameters: JsonObject
  readonly batch: string
  readonly trigger: RunTrigger
  readonly taskQueue: string
  /** Whether chained pipelines start after success. */
  readonly chain: boolean
}

export interface StartedRun {
  readonly workflowId: string
  readonly runId: string
}

/** A run of the same pipeline and batch is under way; the message says how to see it. */
export class RunUnderWayError extends Error {
  override readonly name = 'RunUnderWayError'
}

/** Triggered by hand: nothing but the person knows why. */
export const manualTrigger: RunTrigger = {
  type: 'Manual',
  name: 'Manual',
  id: '',
  scheduledTime: null,
  body: {},
}

/** Starts `<pipeline>/<batch>`; one that has ended may be started again. Throws a RunUnderWayError while one runs. */
export async function startRun(client: Client, request: StartRequest): Promise<StartedRun> {
  const { plan, parameters, batch, trigger, taskQueue, chain } = request
  const workflowId = `${plan.pipeline}/${batch}`
  const input: PipelineRunInput = {
    plan,
    pipeline: plan.pipeline,
    parameters,
    trigger,
    invokedBy: null,
    groupId: null,
    chain,
  }
  try {
    const handle = await client.workflow.start(plan.pipeline, {
      workflowId,
      taskQueue,
      args: [input],
      // The run sets these too; given here they are there before a worker has taken it.
      typedSearchAttributes: attributes({
        pipeline: plan.pipeline,
        factory: plan.factory,
        environment: plan.environment,
        batch,
        trigger: trigger.type,
      }),
    })
    return { workflowId, runId: handle.firstExecutionRunId }
  } catch (cause) {
    if (!(cause instanceof WorkflowExecutionAlreadyStartedError)) throw cause
    throw new RunUnderWayError(
      `${workflowId} runs already; see it with: headrace status ${workflowId}, or give another --batch`,
      { cause },
    )
  }
}

function attributes(
  values: Partial<Record<(typeof searchAttributes)[number], string>>,
): SearchAttributePair[] {
  return Object.entries(values).map(([name, value]) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
    value,
  }))
}

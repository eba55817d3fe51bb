import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { ParentClosePolicy, startChild } from '@temporalio/workflow'
import { evaluate } from '../adf/expression/evaluate.ts'
import type { JsonObject } from '../adf/json.ts'
import type { PlannedChain } from '../adf/plan/plan.ts'
import type { PipelineRunInput, PipelineRunResult, RunTrigger } from '../adf/run/run.ts'
import { requireObject } from '../engine/evaluated.ts'
import { bindParameters } from '../engine/parameters.ts'
import { adfTimestamp } from '../engine/timestamp.ts'
import { triggerScope } from '../engine/trigger.ts'
import { failureOf } from './activity-failure.ts'
import { evaluateObject } from './evaluation.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'

/** A run that a ChainingTrigger starts. */
export interface ChainedStart {
  readonly link: PlannedChain
  readonly trigger: RunTrigger
  /** Evaluated. */
  readonly parameters: JsonObject
  readonly batch: string
}

type PipelineWorkflow = (input: PipelineRunInput) => Promise<PipelineRunResult>

/**
 * Starts what ChainingTriggers start after this pipeline: runs of their own with id `<pipeline>/<batch>` and the same plan. One that runs
 * already is left alone. Returns why some did not start; null when all did.
 */
export async function startChained(
  run: Run,
  frame: Frame,
  start: (run: Run, chained: ChainedStart) => Promise<void> = startWorkflow,
): Promise<string | null> {
  const links = run.plan.chain.filter((link) => link.upstream === run.pipeline.name)
  const problems: string[] = []
  for (const link of links) {
    try {
      await start(run, chainedStart(run, frame, link))
    } catch (thrown) {
      if (thrown instanceof WorkflowExecutionAlreadyStartedError) continue
      problems.push(
        `Trigger ${link.trigger} did not start ${link.pipeline}: ${failureOf(thrown, link.trigger).error.message}`,
      )
    }
  }
  return problems.length === 0 ? null : problems.join('\n')
}

function chainedStart(run: Run, frame: Frame, link: PlannedChain): ChainedStart {
  const runDimensions = evaluateObject(run, frame, { ...run.pipeline.runDimensions })
  const trigger: RunTrigger = {
    type: 'ChainingTrigger',
    name: link.trigger,
    id: run.context.runId,
    scheduledTime: null,
    // With its time, so that the started run evaluates the same parameters as this one did for its id.
    body: {
      runDimensions,
      outputs: run.variables.returnValue,
      startTime: adfTimestamp(run.environment.now()),
    },
  }
  const parameters = requireObject(
    evaluate(link.parameters, triggerScope(trigger, run.context.triggerTime, run.plan), run.environment),
  )
  return { link, trigger, parameters, batch: batchOf(run, link.pipeline, parameters) ?? run.context.batch }
}

async function startWorkflow(run: Run, { link, trigger, batch }: ChainedStart): Promise<void> {
  await startChild<PipelineWorkflow>(link.pipeline, {
    workflowId: `${link.pipeline}/${batch}`,
    args: [
      {
        plan: { ...run.plan, pipeline: link.pipeline },
        pipeline: link.pipeline,
        parameters: link.parameters,
        trigger,
        invokedBy: null,
        groupId: null,
        chain: true,
      },
    ],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: 'ABANDON',
    staticSummary: `Started by ${link.trigger}`,
  })
}

function batchOf(run: Run, pipeline: string, parameters: JsonObject): string | null {
  const definition = run.plan.pipelines[pipeline]
  const bound =
    definition === undefined ? parameters : bindParameters(definition.parameters, parameters, pipeline)
  return typeof bound['batch'] === 'string' ? bound['batch'] : null
}

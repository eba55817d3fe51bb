import type { JsonObject } from '../adf/json.ts'
import type { PipelineRunInput, RunContext } from '../adf/run/run.ts'

/** What `pipeline()` reads, ADF's names. `TriggerType` is Manual for runs on demand. */
export function systemVariables(run: RunContext, invokedBy: PipelineRunInput['invokedBy']): JsonObject {
  return {
    DataFactory: run.factory,
    Pipeline: run.pipeline,
    RunId: run.runId,
    GroupId: run.groupId,
    TriggerType: run.trigger.type,
    TriggerId: run.trigger.id,
    TriggerName: run.trigger.name,
    TriggerTime: run.triggerTime,
    ...(invokedBy === null
      ? {}
      : {
          TriggeredByPipelineName: invokedBy.pipelineName,
          TriggeredByPipelineRunId: invokedBy.pipelineRunId,
        }),
  }
}

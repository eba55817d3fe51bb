import type { Client } from '@temporalio/client'
import type { PipelineRunInput } from '../../adf/run/run.ts'

export interface StartedInput {
  readonly input: PipelineRunInput
  readonly startedAt: Date
  /** ISO 8601; null: no schedule started the run. */
  readonly scheduledTime: string | null
}

/** What a run was started with, from the first event of its history; null where Temporal has none, or it is no pipeline's run. */
export async function readRunInput(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<StartedInput | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  })
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter
  let payloads = started?.input?.payloads ?? []
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads)
  const [payload] = payloads
  if (payload === undefined) return null
  const input = payloadConverter.fromPayload<PipelineRunInput>(payload)
  if (typeof input !== 'object' || input === null || !('plan' in input) || !('trigger' in input)) return null
  const description = await client.workflow.getHandle(workflowId, runId).describe()
  const scheduled = description.typedSearchAttributes
    .getAll()
    .find((one) => one.key.name === 'TemporalScheduledStartTime')?.value
  return {
    input,
    startedAt: description.startTime,
    scheduledTime: scheduled instanceof Date ? scheduled.toISOString() : null,
  }
}

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { PipelineRunStatus, RunContext } from '../adf/run/run.ts'
import type { searchAttributes } from '../adf/run/status.ts'

type Name = (typeof searchAttributes)[number]

/** SQL stores of Temporal refuse longer values. */
const longestValue = 255

/** Makes a run findable by what it is for. */
export function showAsAttributes(run: RunContext): void {
  const values: Partial<Record<Name, string>> = {
    pipeline: run.pipeline,
    factory: run.factory,
    environment: run.environment,
    batch: run.batch,
    trigger: run.trigger.type,
    window: windowOf(run),
    outcome: 'InProgress',
  }
  upsert(values)
}

export function showOutcome(outcome: PipelineRunStatus): void {
  upsert({ outcome })
}

/** When Temporal's schedule meant this run to start, ISO 8601; null where no schedule started it. */
export function scheduledTime(): string | null {
  const time = workflowInfo().typedSearchAttributes.get(scheduledStart)
  return time instanceof Date ? time.toISOString() : null
}

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME)

function upsert(values: Partial<Record<Name, string>>): void {
  upsertSearchAttributes(
    Object.entries(values)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({
        key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
        value: value.slice(0, longestValue),
      })),
  )
}

/** Start of the window of time that the run covers; '' where it covers none. */
function windowOf(run: RunContext): string {
  const outputs = run.trigger.body['outputs']
  if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs)) return ''
  const start = outputs['windowStartTime']
  return typeof start === 'string' ? start : ''
}

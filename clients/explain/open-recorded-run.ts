import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { ActivityRunRecord } from '../../adf/run/run.ts'
import { recordsQuery } from '../../adf/run/status.ts'
import type { Settings } from '../../config/settings.ts'
import { beginRun } from '../../engine/begin-run.ts'
import { RecordedRun } from '../../engine/recorded/recorded-run.ts'
import { adfTimestamp } from '../../engine/timestamp.ts'
import { RunNotFoundError, type FoundRun } from '../cli/find-run.ts'
import { recordedActivityRuns } from '../cli/recorded-runs.ts'
import { readRunInput } from './run-input.ts'

export interface OpenedRun {
  readonly run: RecordedRun
  /** What is missing, readable. */
  readonly notes: readonly string[]
}

/** Time for a worker to answer. */
const answerWithinMs = 10_000

/** A run's plan from its history and its activity runs from the warehouse; of one under way also what is not written yet. */
export async function openRecordedRun(
  client: Client,
  settings: Settings,
  found: FoundRun,
): Promise<OpenedRun> {
  const { workflowId, runId } = found
  const started = await readRunInput(client, workflowId, runId)
  const pipeline = started?.input.plan.pipelines[started.input.pipeline]
  if (started === null || pipeline === undefined)
    throw new RunNotFoundError(
      `${workflowId} is no pipeline's run (a share of a loop, perhaps); list runs with: headrace runs`,
    )
  const { input, startedAt, scheduledTime } = started
  const startMs = startedAt.getTime()
  const { parameters, system } = beginRun(
    input,
    pipeline,
    { runId, workflowId, triggerTime: adfTimestamp(startMs), scheduledTime },
    { now: () => startMs, guid: randomUUID, random: Math.random },
  )
  const notes: string[] = []
  const written = await recordedActivityRuns(settings, runId)
  const unwritten =
    found.end === null
      ? await readUnwritten(client, found).catch((): readonly ActivityRunRecord[] => {
          notes.push('No worker answers: what this run did last may be missing; start one with: headrace up')
          return []
        })
      : []
  const known = new Set(written.map((row) => row.activityRunId))
  const rows = [...written, ...unwritten.filter((row) => !known.has(row.activityRunId))]
  const facts = { pipeline, parameters, system, globalParameters: input.plan.globalParameters, rows }
  return { run: new RecordedRun(facts), notes }
}

function readUnwritten(
  client: Client,
  { workflowId, runId }: FoundRun,
): Promise<readonly ActivityRunRecord[]> {
  const handle = client.workflow.getHandle(workflowId, runId)
  return client.withDeadline(Date.now() + answerWithinMs, () =>
    handle.query<readonly ActivityRunRecord[]>(recordsQuery),
  )
}

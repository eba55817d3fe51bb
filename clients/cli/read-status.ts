import type { Client } from '@temporalio/client'
import { z } from 'zod'
import { statusQuery, type ActivityProgress, type RunStatus } from '../../adf/run/status.ts'
import type { ProgressById } from './status-tree.ts'

const heartbeatSchema = z.object({
  progress: z
    .object({
      done: z.number(),
      total: z.number().nullable(),
      unit: z.string(),
      bytes: z.number(),
      rows: z.number(),
    })
    .nullable(),
})

/** Time for a worker to answer. One that has nothing in memory replays the run first. */
const answerWithinMs = 10_000

/** The tree of activity runs, as the run itself answers; needs a worker, also for a run that has ended. */
export async function readStatus(client: Client, workflowId: string, runId?: string): Promise<RunStatus> {
  const handle = client.workflow.getHandle(workflowId, runId)
  return client.withDeadline(Date.now() + answerWithinMs, () => handle.query<RunStatus>(statusQuery))
}

/** What the running activities of a run last reported. */
export async function readProgress(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<ProgressById> {
  const description = await client.workflow.getHandle(workflowId, runId).describe()
  const found = new Map<string, ActivityProgress>()
  for (const pending of description.raw.pendingActivities ?? []) {
    const data = pending.heartbeatDetails?.payloads?.[0]?.data
    if (data == null || pending.activityId == null) continue
    const progress = parseHeartbeat(Buffer.from(data).toString('utf8'))
    if (progress !== null) found.set(pending.activityId, progress)
  }
  return found
}

function parseHeartbeat(text: string): ActivityProgress | null {
  try {
    return heartbeatSchema.parse(JSON.parse(text)).progress
  } catch {
    return null
  }
}

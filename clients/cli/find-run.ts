import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import type { searchAttributes } from '../../adf/run/status.ts'

export interface FoundRun {
  readonly pipeline: string
  readonly workflowId: string
  readonly runId: string
  /** As ADF spells it. */
  readonly status: string
  readonly batch: string
  readonly trigger: string
  readonly start: Date
  readonly end: Date | null
}

export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError'
}

/** No worker answers for the run; the message says how to start one. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}

/** The run is over; the message says how it ended. */
export class RunEndedError extends Error {
  override readonly name = 'RunEndedError'
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The newest run of a workflow id, or the run of a run id. Throws a RunNotFoundError with what helps. */
export async function findRun(client: Client, name: string): Promise<FoundRun> {
  if (uuid.test(name)) {
    for await (const info of client.workflow.list({ query: `RunId = '${name}'` })) return foundRun(info)
  } else {
    try {
      return foundRun(await client.workflow.getHandle(name).describe())
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  throw new RunNotFoundError(`There is no run ${JSON.stringify(name)}; list runs with: headrace runs`)
}

type RunInfo = Pick<
  WorkflowExecutionInfo,
  'type' | 'workflowId' | 'runId' | 'status' | 'startTime' | 'closeTime' | 'typedSearchAttributes'
>

export function foundRun(info: RunInfo): FoundRun {
  return {
    pipeline: attribute(info, 'pipeline') || info.type,
    workflowId: info.workflowId,
    runId: info.runId,
    status: statusText(info),
    batch: attribute(info, 'batch'),
    trigger: attribute(info, 'trigger'),
    start: info.startTime,
    end: info.closeTime ?? null,
  }
}

const statuses: Readonly<Record<string, string>> = {
  RUNNING: 'InProgress',
  COMPLETED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'Failed',
  TERMINATED: 'Cancelled',
  CANCELLED: 'Cancelled',
  CONTINUED_AS_NEW: 'InProgress',
}

function statusText(info: RunInfo): string {
  return attribute(info, 'outcome') || (statuses[info.status.name] ?? info.status.name)
}

function attribute(info: RunInfo, name: (typeof searchAttributes)[number]): string {
  const found = info.typedSearchAttributes.getAll().find((one) => one.key.name === name)?.value
  return typeof found === 'string' ? found : ''
}

/** The run is not there, or (for a signal) has ended. By name: the client's code is loaded late. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowNotFoundError'
}

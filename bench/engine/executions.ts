import type { Connection } from '@temporalio/client'

/** One execution of a workflow and how long its history got. */
export interface Execution {
  readonly workflowId: string
  readonly events: number
  readonly workflowTasks: number
  /** Workflow tasks that were done in vain. */
  readonly failedTasks: number
}

/** A workflow's execution with all that it continued as, and those of its children, however deep. */
export async function executionsOf(
  connection: Connection,
  workflowId: string,
  runId = '',
): Promise<readonly Execution[]> {
  let [events, workflowTasks, failedTasks] = [0, 0, 0]
  const others: (readonly [string, string])[] = []
  for await (const event of eventsOf(connection, workflowId, runId)) {
    events += 1
    if (event.workflowTaskCompletedEventAttributes) workflowTasks += 1
    if (event.workflowTaskFailedEventAttributes ?? event.workflowTaskTimedOutEventAttributes) failedTasks += 1
    const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution
    if (child) others.push([child.workflowId ?? '', child.runId ?? ''])
    const next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
    if (next) others.push([workflowId, next])
  }
  const executions: Execution[] = [{ workflowId, events, workflowTasks, failedTasks }]
  for (const [id, run] of others) executions.push(...(await executionsOf(connection, id, run)))
  return executions
}

async function* eventsOf(connection: Connection, workflowId: string, runId: string) {
  let nextPageToken: Uint8Array | null | undefined
  do {
    const page = await connection.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId, runId },
      nextPageToken: nextPageToken ?? null,
    })
    yield* page.history?.events ?? []
    nextPageToken = page.nextPageToken
  } while (nextPageToken !== null && nextPageToken !== undefined && nextPageToken.length > 0)
}

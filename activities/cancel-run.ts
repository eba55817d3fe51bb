import { Context } from '@temporalio/activity'

/** How a run asks the server to cancel itself: a workflow cannot do so by a command of its own. */
export interface CancelRunActivity {
  CancelRun(): Promise<void>
}

/** Cancels the workflow that called it; one that has ended is left as it is. */
export async function cancelRun(): Promise<void> {
  const { client, info } = Context.current()
  if (info.workflowExecution === undefined) throw new TypeError('CancelRun is for workflows')
  const { workflowId, runId } = info.workflowExecution
  await client.workflow.getHandle(workflowId, runId).cancel()
}

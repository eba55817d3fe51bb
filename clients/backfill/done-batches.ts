import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Plan } from '../../adf/plan/plan.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'

/**
 * Says of a batch whether a run of the plan's pipeline has succeeded for it. The warehouse remembers for good, Temporal knows at once:
 * either's word counts. A run that is under way is not done.
 */
export async function doneBatches(
  client: Client,
  warehouse: Warehouse,
  plan: Plan,
): Promise<(batch: string) => Promise<boolean>> {
  const rows = await warehouse.query(
    "SELECT DISTINCT batch FROM pipeline_runs WHERE pipeline = ? AND factory = ? AND environment = ? AND status = 'Succeeded'",
    [plan.pipeline, plan.factory, plan.environment],
  )
  const recorded = new Set(rows.map((row) => row['batch']))
  return async (batch) => recorded.has(batch) || hasSucceeded(client, `${plan.pipeline}/${batch}`)
}

async function hasSucceeded(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe()
    return status.name === 'COMPLETED'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

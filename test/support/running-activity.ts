import { Client, Connection } from '@temporalio/client'
import { readStack } from '../../clients/dev/stack-state.ts'
import type { Installation } from './installation.ts'

/** Waits until the run has a work activity of this type in the hands of a worker. Fails when the run ends before. */
export async function waitForRunning(
  installation: Installation,
  workflowId: string,
  activityType: string,
  timeoutMs = 60_000,
): Promise<void> {
  const { settings } = installation
  const address = settings.temporalAddress ?? readStack(settings.home).temporal?.address
  if (address === undefined) throw new Error(`no Temporal server runs for ${installation.home}`)
  const connection = await Connection.connect({ address })
  try {
    const client = new Client({ connection })
    const until = performance.now() + timeoutMs
    for (;;) {
      const description = await client.workflow
        .getHandle(workflowId)
        .describe()
        .catch(() => null)
      if (description !== null && description.status.name !== 'RUNNING')
        throw new Error(
          `${workflowId} ended as ${description.status.name} before ${activityType} was seen running`,
        )
      const running = description?.raw.pendingActivities?.some(
        (activity) => activity.activityType?.name === activityType && activity.lastStartedTime != null,
      )
      if (running === true) return
      if (performance.now() > until)
        throw new Error(`${workflowId} did not run ${activityType} within ${timeoutMs} ms`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  } finally {
    await connection.close()
  }
}

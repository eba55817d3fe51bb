import { CancellationScope, sleep } from '@temporalio/workflow'
import type { Shell } from './shell.ts'

/** Durable timers; the SDK knows of each promise which scope it belongs to, so that an inner shell is the same one. */
export const workflowShell: Shell = {
  sleep: (milliseconds, summary) => sleep(milliseconds, { summary }),
  cancelled: () => CancellationScope.current().consideredCancelled,
  within: (milliseconds, work) => CancellationScope.withTimeout(milliseconds, () => work(workflowShell)),
}

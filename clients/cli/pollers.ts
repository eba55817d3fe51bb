import { hostname } from 'node:os'
import type { Client } from '@temporalio/client'
import { identify } from '../dev/process-identity.ts'

/** A poll lasts a minute at most, and a living worker polls again at once. The server names a dead one for five minutes. */
const livingWithinMs = 75_000

export interface Pollers {
  /** Identities (`pid@host`) of the workers that take workflow tasks, and of those that take activities. */
  readonly workflows: readonly string[]
  readonly activities: readonly string[]
}

/** The workers that poll a task queue now. */
export async function livingPollers(client: Client, taskQueue: string): Promise<Pollers> {
  const [workflows, activities] = await Promise.all([poll(client, taskQueue, 1), poll(client, taskQueue, 2)])
  return { workflows, activities }
}

/** `type`: 1 workflow tasks, 2 activity tasks, as the API numbers them. */
async function poll(client: Client, taskQueue: string, type: 1 | 2): Promise<string[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: type,
  })
  return pollers.flatMap(({ identity, lastAccessTime }) =>
    typeof identity === 'string' && lives(identity, milliseconds(lastAccessTime)) ? [identity] : [],
  )
}

function lives(identity: string, lastAccessMs: number): boolean {
  const [pid = '', host] = identity.split('@')
  // A worker on this machine can be looked at.
  if (host === hostname() && /^\d+$/.test(pid) && identify(Number(pid)) === null) return false
  return Date.now() - lastAccessMs < livingWithinMs
}

/** Milliseconds since 1970 of a time of the API. */
export function milliseconds(
  time:
    | { readonly seconds?: { toNumber(): number } | null; readonly nanos?: number | null }
    | null
    | undefined,
): number {
  return (time?.seconds?.toNumber() ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6
}

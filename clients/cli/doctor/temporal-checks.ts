import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { searchAttributes } from '../../../adf/run/status.ts'
import type { Settings } from '../../../config/settings.ts'
import { withClient } from '../connect.ts'
import { livingPollers, milliseconds } from '../pollers.ts'
import { durationText } from '../quantity.ts'
import { fail, ok, reasonOf, warn, type Check } from './check.ts'

/** Everything about the server; one failure when it cannot be reached. */
export async function checkTemporal(settings: Settings): Promise<{ reachable: boolean; checks: Check[] }> {
  try {
    return await withClient(settings, async (client, { address }) => ({
      reachable: true,
      checks: [
        ok('temporal', `${address}, namespace ${settings.temporalNamespace}`),
        ...(await Promise.all([
          guarded('search attributes', checkSearchAttributes(client)),
          guarded('worker', checkWorker(client, settings.taskQueue)),
          guarded('clock', checkClock(client)),
        ])),
      ],
    }))
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotReachableError') throw error
    // The message is `what; how to mend it`.
    const [message = '', ...fix] = error.message.split('; ')
    return { reachable: false, checks: [fail('temporal', message, fix.join('; '))] }
  }
}

async function guarded(name: string, check: Promise<Check>): Promise<Check> {
  return check.catch((error: unknown) =>
    fail(name, reasonOf(error), 'correct HEADRACE_TEMPORAL_NAMESPACE, or see the log of the server'),
  )
}

async function checkSearchAttributes(client: Client): Promise<Check> {
  const { namespace } = client.options
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace })
  const missing = searchAttributes.filter((name) => !(name in (customAttributes ?? {})))
  if (missing.length === 0) return ok('search attributes', searchAttributes.join(', '))
  const names = missing.map((name) => `--name ${name} --type Keyword`).join(' ')
  return fail(
    'search attributes',
    `the server does not have: ${missing.join(', ')}`,
    `temporal operator search-attribute create --namespace ${namespace} ${names}`,
  )
}

async function checkWorker(client: Client, taskQueue: string): Promise<Check> {
  const { workflows, activities } = await livingPollers(client, taskQueue)
  const both = workflows.filter((one) => activities.includes(one))
  if (both.length > 0) return ok('worker', `${both.join(', ')} on task queue ${taskQueue}`)
  return fail(
    'worker',
    `none polls task queue ${taskQueue}: runs wait until one does`,
    'headrace up, or headrace worker',
  )
}

const offsetWarnMs = 2_000
const offsetFailMs = 60_000

/** The API tells no time. But it tells when a task queue was polled last: so one of our own is polled, without anyone ever writing to it. */
async function checkClock(client: Client): Promise<Check> {
  const taskQueue = `headrace-doctor-${randomUUID()}`
  const { namespace } = client.options
  const ended = new AbortController()
  // The server refuses polls that would end soon.
  const polling = client.connection
    .withAbortSignal(ended.signal, () =>
      client.connection.withDeadline(Date.now() + 60_000, () =>
        client.workflowService.pollActivityTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          identity: 'headrace doctor',
        }),
      ),
    )
    .catch(() => undefined)
  const before = Date.now()
  try {
    while (Date.now() - before < 5_000) {
      const { pollers } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: 2,
      })
      const [poller] = pollers
      if (poller !== undefined) return judgeClock(milliseconds(poller.lastAccessTime), before, Date.now())
      await sleep(20)
    }
    return warn('clock', "Temporal's clock could not be read", 'compare `date` on both machines')
  } finally {
    ended.abort()
    await polling
  }
}

/** The server read its clock between `before` and `after` of ours. */
export function judgeClock(serverMs: number, before: number, after: number): Check {
  const offset = serverMs < before ? serverMs - before : serverMs > after ? serverMs - after : 0
  const amount = Math.abs(offset)
  if (amount < offsetWarnMs) return ok('clock', "agrees with Temporal's")
  const message = `${durationText(amount)} ${offset > 0 ? 'behind' : 'ahead of'} Temporal's`
  const fix = 'let both machines take their time from one source (NTP)'
  return amount < offsetFailMs ? warn('clock', message, fix) : fail('clock', message, fix)
}

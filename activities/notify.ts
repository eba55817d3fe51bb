import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { DefinitionError } from '../adf/errors.ts'
import { notifyProperties } from '../adf/activity/notify.ts'
import type { JsonValue } from '../adf/json.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'
import type { Notification, Notifier } from '../notify/notifier.ts'
import { notificationsTable } from '../warehouse/run-tables.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { ActivityFunction } from './activity.ts'
import { parseProperties } from './properties.ts'

type NotifyProperties = z.output<typeof notifyProperties>

/**
 * Sends a message to every channel, or to those that `channels` names. A channel that took the message is noted in the warehouse and not
 * asked again; one that fails does not keep the others from theirs. Fails, to be retried, when any channel failed.
 * Delivery is at least once: a process that dies between sending and noting sends again, with the same key.
 */
export const notify: ActivityFunction = async (invocation, context, dependencies) => {
  const properties = parseProperties(notifyProperties, invocation)
  const channels = chooseChannels(dependencies.notifiers, properties.channels)
  const notification = compose(invocation, properties, dependencies.settings.temporalUi)
  const { warehouse } = dependencies
  const sent = await sentChannels(warehouse, notification.deduplicationKey)
  const outcomes = await Promise.allSettled(
    channels
      .filter((channel) => !sent.has(channel.name))
      .map(async (channel) => {
        await channel.send(notification, context.signal)
        await noteSent(warehouse, channel.name, notification)
      }),
  )
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [asError(outcome.reason)] : [],
  )
  if (failures.length > 0) {
    throw new Error(
      `${failures.length} of ${channels.length} channels did not take the notification: ${failures.map((error) => error.message).join('; ')}`,
      { cause: failures.length === 1 ? failures[0] : new AggregateError(failures) },
    )
  }
  return {
    deduplicationKey: notification.deduplicationKey,
    channels: channels.map((channel) => channel.name),
  }
}

function chooseChannels(all: readonly Notifier[], names: readonly string[] | undefined): readonly Notifier[] {
  if (names === undefined) return all
  return names.map((name) => {
    const channel = all.find((one) => one.name === name)
    if (channel === undefined) {
      const known = all.map((one) => one.name).join(', ') || 'none'
      throw new DefinitionError(
        `there is no notification channel ${JSON.stringify(name)}; this worker has: ${known}`,
      )
    }
    return channel
  })
}

function compose(
  invocation: ActivityInvocation,
  properties: NotifyProperties,
  temporalUi: string | null,
): Notification {
  const { run } = invocation
  const identity = [run.runId, invocation.name, invocation.iterationPath, properties.title]
  return {
    deduplicationKey: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32),
    severity: properties.severity,
    title: properties.title,
    text: properties.text,
    factory: run.factory,
    environment: run.environment,
    pipeline: run.pipeline,
    runId: run.runId,
    batch: run.batch,
    activity: properties.activity ?? null,
    error: errorText(properties.error ?? null),
    input: properties.input ?? null,
    runLink:
      temporalUi === null
        ? null
        : `${temporalUi}/workflows/${encodeURIComponent(run.workflowId)}/${encodeURIComponent(run.runId)}/history`,
    triggerTime: run.triggerTime,
  }
}

/** `activity('x').error.message` or the whole `error` object. */
function errorText(error: JsonValue): string | null {
  if (error === null || typeof error === 'string') return error
  if (typeof error === 'object' && !Array.isArray(error) && typeof error['message'] === 'string') {
    return error['message']
  }
  return JSON.stringify(error)
}

async function sentChannels(warehouse: Warehouse, deduplicationKey: string): Promise<Set<unknown>> {
  const rows = await warehouse.query(
    `SELECT channel FROM ${notificationsTable.name} WHERE deduplication_key = ?`,
    [deduplicationKey],
  )
  return new Set(rows.map((row) => row['channel']))
}

function noteSent(warehouse: Warehouse, channel: string, notification: Notification): Promise<void> {
  return warehouse.upsert(notificationsTable, [
    [
      notification.deduplicationKey,
      channel,
      notification.runId,
      notification.pipeline,
      notification.severity,
      notification.title,
      new Date().toISOString(),
    ],
  ])
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

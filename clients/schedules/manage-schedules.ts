import type { Client } from '@temporalio/client'
import { DefinitionError } from '../../adf/errors.ts'
import { describeSchedule, scheduleIds } from './apply-schedules.ts'

/** A schedule as Temporal knows it. Times are ISO 8601 UTC. */
export interface KnownSchedule {
  readonly id: string
  readonly trigger: string
  readonly pipeline: string
  readonly paused: boolean
  readonly note: string
  readonly next: string | null
  readonly last: { readonly scheduled: string; readonly workflowId: string } | null
  /** Times that went by unused: too long ago when the server came back. */
  readonly missed: number
}

export async function listSchedules(client: Client, prefix: string): Promise<KnownSchedule[]> {
  const ids = await scheduleIds(client, prefix)
  const known = await Promise.all(
    ids.map(async (id): Promise<KnownSchedule | null> => {
      const description = await describeSchedule(client, id)
      if (description === undefined) return null
      const { state, info, action } = description
      const last = info.recentActions.at(-1)
      return {
        id,
        trigger: triggerOf(id, prefix),
        pipeline: action.workflowType,
        paused: state.paused,
        note: state.note ?? '',
        next: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
        last:
          last === undefined
            ? null
            : { scheduled: last.scheduledAt.toISOString(), workflowId: last.action.workflow.workflowId },
        missed: info.numActionsMissedCatchupWindow,
      }
    }),
  )
  return known.filter((one) => one !== null)
}

/** Pauses or resumes the schedules of a trigger; returns their ids. Throws a DefinitionError where it has none. */
export async function setPaused(
  client: Client,
  prefix: string,
  trigger: string,
  paused: boolean,
): Promise<string[]> {
  const all = await listSchedules(client, prefix)
  const ids = all.filter((one) => one.trigger.toLowerCase() === trigger.toLowerCase()).map((one) => one.id)
  if (ids.length === 0) {
    const known = [...new Set(all.map((one) => one.trigger))].join(', ') || 'none'
    throw new DefinitionError(
      `there is no schedule of a trigger ${JSON.stringify(trigger)}; schedules are there for: ${known}. Write them with: headrace schedule apply`,
    )
  }
  for (const id of ids) {
    const handle = client.schedule.getHandle(id)
    if (paused) await handle.pause('Paused by headrace schedule pause')
    else await handle.unpause('Resumed by headrace schedule resume')
  }
  return ids
}

function triggerOf(id: string, prefix: string): string {
  return id.slice(prefix.length, id.lastIndexOf('/'))
}

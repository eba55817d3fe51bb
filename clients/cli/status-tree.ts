import type { ActivityProgress, ActivityStatus, RunStatus } from '../../adf/run/status.ts'
import { bytesText, countText, durationText } from './quantity.ts'

const marks: Readonly<Record<ActivityStatus['status'], string>> = {
  Waiting: '·',
  Queued: '·',
  InProgress: '▸',
  Succeeded: '✓',
  Failed: '✗',
  TimedOut: '✗',
  Cancelled: '■',
  Skipped: '–',
  Inactive: '–',
}

/** Heartbeats of running activities by Temporal activity id. */
export type ProgressById = ReadonlyMap<string, ActivityProgress>

/** The activities of a run as an indented list: mark, name, status or progress, time. */
export function statusTree(status: RunStatus, progress: ProgressById, now: Date): string[] {
  const open = status.activities.filter((one) => isOpen(one)).length
  const facts = [
    status.workflowId,
    status.paused ? 'Paused' : status.status,
    `${status.activities.length - open} of ${status.activities.length} activities`,
    tookText(status.start, status.end, now),
  ]
  return [
    facts.join('  '),
    ...(status.message === null ? [] : [`  ${status.message}`]),
    ...status.activities.flatMap((activity) => activityLines(activity, progress, now, '  ')),
  ]
}

function activityLines(
  activity: ActivityStatus,
  progress: ProgressById,
  now: Date,
  indent: string,
): string[] {
  const beat = activity.activityId === null ? undefined : progress.get(activity.activityId)
  const facts = [
    quiet.has(activity.status) ? '' : activity.status,
    activity.start === null ? '' : tookText(activity.start, activity.end, now),
    activity.iterations === null ? '' : iterationsText(activity, now),
    beat === undefined ? '' : progressText(beat, activity.start, now),
    activity.retryAttempt > 0 ? `retry ${activity.retryAttempt}` : '',
  ].filter((fact) => fact !== '')
  return [
    `${indent}${marks[activity.status]} ${activity.name}${facts.length > 0 ? `  ${facts.join(', ')}` : ''}`,
    ...(activity.error === null
      ? []
      : [`${indent}    ${activity.error.errorCode}: ${activity.error.message}`]),
    ...activity.workflowIds.map((id) => `${indent}    run ${id}`),
    ...activity.children.flatMap((child) => activityLines(child, progress, now, `${indent}  `)),
  ]
}

function iterationsText({ iterations, start, end }: ActivityStatus, now: Date): string {
  if (iterations === null) return ''
  const extra = [
    iterations.running > 0 ? `${iterations.running} running` : '',
    iterations.failed > 0 ? `${iterations.failed} failed` : '',
  ].filter((part) => part !== '')
  const counted = `${countText(iterations.done)} of ${countText(iterations.total)} iterations`
  const left =
    start === null || end !== null ? null : remainingMs(iterations, now.getTime() - Date.parse(start))
  return [
    `${counted}${extra.length > 0 ? ` (${extra.join(', ')})` : ''}`,
    ...(left === null ? [] : [`about ${durationText(left)} left`]),
  ].join(', ')
}

function isOpen(activity: ActivityStatus): boolean {
  return activity.status === 'Waiting' || activity.status === 'Queued' || activity.status === 'InProgress'
}

/** `40 of 120 scans, 1,200 rows, 83 MB, about 2 min 10 s left` */
export function progressText(progress: ActivityProgress, start: string | null, now: Date): string {
  const total = progress.total === null ? '' : ` of ${countText(progress.total)}`
  const parts = [`${countText(progress.done)}${total} ${progress.unit}`]
  if (progress.rows > 0 && progress.unit !== 'rows') parts.push(`${countText(progress.rows)} rows`)
  if (progress.bytes > 0) parts.push(bytesText(progress.bytes))
  const left = start === null ? null : remainingMs(progress, now.getTime() - Date.parse(start))
  if (left !== null) parts.push(`about ${durationText(left)} left`)
  return parts.join(', ')
}

/** By the pace so far; null while there is none to go by. */
export function remainingMs(
  progress: { readonly done: number; readonly total: number | null },
  elapsedMs: number,
): number | null {
  if (progress.total === null || progress.done <= 0 || progress.done >= progress.total || elapsedMs < 1000)
    return null
  return (elapsedMs / progress.done) * (progress.total - progress.done)
}

function tookText(start: string, end: string | null, now: Date): string {
  return durationText(Math.max(0, (end === null ? now.getTime() : Date.parse(end)) - Date.parse(start)))
}

/** Their marks say it all. */
const quiet = new Set<ActivityStatus['status']>(['Waiting', 'InProgress', 'Succeeded'])

const bad = new Set<ActivityStatus['status']>(['Failed', 'TimedOut', 'Cancelled'])

/**
 * One line for each activity whose status is another than before; for logs and pipes. Inside loops and branches only what went wrong has a
 * line: a loop may have a hundred thousand iterations.
 */
export function changeLines(before: RunStatus | null, after: RunStatus): string[] {
  const known = new Map(
    flatten(before?.activities ?? [], []).map((one) => [pathText(one), one.activity.status]),
  )
  return flatten(after.activities, []).flatMap((one) => {
    const { path, activity } = one
    if (activity.status === 'Waiting' || known.get(pathText(one)) === activity.status) return []
    if (path.length > 1 && !bad.has(activity.status)) return []
    const ended = activity.start !== null && activity.end !== null
    return [
      [
        after.workflowId,
        path.join(' > '),
        activity.status,
        ...(ended ? [tookText(activity.start, activity.end, new Date(activity.end))] : []),
        ...(activity.error === null ? [] : [`${activity.error.errorCode}: ${activity.error.message}`]),
      ].join('  '),
    ]
  })
}

/** One line for each running activity that tells how far it is; for logs and pipes. */
export function progressLines(status: RunStatus, progress: ProgressById, now: Date): string[] {
  return status.activities.flatMap((activity) => {
    if (activity.status !== 'InProgress') return []
    const beat = activity.activityId === null ? undefined : progress.get(activity.activityId)
    const text =
      beat !== undefined
        ? progressText(beat, activity.start, now)
        : activity.iterations !== null
          ? iterationsText(activity, now)
          : null
    return text === null ? [] : [`${status.workflowId}  ${activity.name}  ${text}`]
  })
}

interface Placed {
  readonly path: readonly string[]
  /** Index among its siblings: iterations may carry the same names. */
  readonly index: number
  readonly activity: ActivityStatus
}

function flatten(activities: readonly ActivityStatus[], above: readonly string[]): Placed[] {
  return activities.flatMap((activity, index) => {
    const path = [...above, activity.name]
    return [{ path, index, activity }, ...flatten(activity.children, path)]
  })
}

function pathText({ path, index }: Placed): string {
  return `${path.join('\n')}\n${index}`
}

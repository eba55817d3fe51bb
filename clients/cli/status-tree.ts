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
    activity.status === 'InProgress' || activity.status === 'Succeeded' ? '' : activity.status,
    activity.start === null ? '' : tookText(activity.start, activity.end, now),
    activity.iterations === null ? '' : iterationsText(activity.iterations),
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

function iterationsText(iterations: NonNullable<ActivityStatus['iterations']>): string {
  const extra = [
    iterations.running > 0 ? `${iterations.running} running` : '',
    iterations.failed > 0 ? `${iterations.failed} failed` : '',
  ].filter((part) => part !== '')
  return `${countText(iterations.done)} of ${countText(iterations.total)} iterations${extra.length > 0 ? ` (${extra.join(', ')})` : ''}`
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
export function remainingMs(progress: ActivityProgress, elapsedMs: number): number | null {
  if (progress.total === null || progress.done <= 0 || progress.done >= progress.total || elapsedMs < 1000)
    return null
  return (elapsedMs / progress.done) * (progress.total - progress.done)
}

function tookText(start: string, end: string | null, now: Date): string {
  return durationText(Math.max(0, (end === null ? now.getTime() : Date.parse(end)) - Date.parse(start)))
}

/** One line for each activity whose status is another than before; for logs and pipes. */
export function changeLines(before: RunStatus | null, after: RunStatus): string[] {
  const known = new Map(flatten(before?.activities ?? [], '').map(([path, one]) => [path, one.status]))
  return flatten(after.activities, '').flatMap(([path, one]) => {
    if (one.status === 'Waiting' || known.get(path) === one.status) return []
    const took =
      one.start === null || one.end === null ? '' : `  ${tookText(one.start, one.end, new Date(one.end))}`
    const error = one.error === null ? '' : `  ${one.error.errorCode}: ${one.error.message}`
    return [`${after.workflowId}  ${path}  ${one.status}${took}${error}`]
  })
}

function flatten(activities: readonly ActivityStatus[], above: string): [string, ActivityStatus][] {
  return activities.flatMap((one, index) => {
    // Iterations of a loop carry the same names.
    const twins = activities.filter((other) => other.name === one.name).length > 1 ? `[${index}]` : ''
    const path = `${above}${one.name}${twins}`
    return [[path, one], ...flatten(one.children, `${path} > `)]
  })
}

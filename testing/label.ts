import type { PlannedPipeline } from '../adf/plan/plan.ts'
import { innerActivities } from '../engine/activities-of.ts'

/**
 * How a test names one try of an activity: `Ingest chunk`, in a loop's third iteration `Ingest chunk[2]`, its first repetition
 * `Ingest chunk[2]#1`; inside a pipeline that the activity `Call` runs, `Call/Ingest chunk[2]`.
 */
export function label(prefix: string, name: string, iterationPath: string, retryAttempt: number): string {
  const place = iterationPath === '' ? '' : `[${iterationPath}]`
  return `${prefix}${name}${place}${retryAttempt === 0 ? '' : `#${retryAttempt}`}`
}

/** Names that stand for a try, the most telling first: with place and try, with the place, with the try, the bare name. */
export function namesOf(prefix: string, name: string, iterationPath: string, retryAttempt: number): string[] {
  const names = [prefix, withoutPlaces(prefix)].flatMap((before) => {
    const bare = `${before}${name}`
    const placed = label(before, name, iterationPath, 0)
    return [`${placed}#${retryAttempt}`, placed, `${bare}#${retryAttempt}`, bare]
  })
  return [...new Set(names)].map((one) => one.toLowerCase())
}

/** `Call[0]#1/` → `Call/`. */
function withoutPlaces(prefix: string): string {
  return prefix.replaceAll(/(\[[\d.]+\])?(#\d+)?\//g, '/')
}

const suffix = /^(\[\d+(\.\d+)*\])?(#\d+)?$/

/**
 * The activity that a test's name for a try means: `names` of the pipeline and of those that it calls. Null where there is none.
 */
export function activityOf(text: string, names: readonly string[]): string | null {
  const wanted = withoutPlaces(text).toLowerCase()
  const fitting = names.filter(
    (name) => wanted.startsWith(name.toLowerCase()) && suffix.test(wanted.slice(name.length)),
  )
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null
}

/** Names of a pipeline's activities as a test says them, those of called pipelines behind `Call/`. */
export function activityNames(
  pipelines: Readonly<Record<string, PlannedPipeline>>,
  pipeline: string,
  prefix = '',
): string[] {
  const activities = innerActivities(pipelines[pipeline]?.activities ?? [])
  return activities.flatMap((activity) => [
    `${prefix}${activity.name}`,
    ...(activity.type === 'ExecutePipeline'
      ? activityNames(pipelines, activity.pipeline, `${prefix}${activity.name}/`)
      : []),
  ])
}

import type { RecordedActivity, RecordedRun } from '../../engine/recorded/recorded-run.ts'

/** `--activity` names none of a run, or one that has not run; the message says what there is. */
export class ActivityNotFoundError extends Error {
  override readonly name = 'ActivityNotFoundError'
}

/** The last attempt of `name`, or of `name[3.0]`: the iteration with that path. Throws an ActivityNotFoundError. */
export function findActivity(run: RecordedRun, given: string): RecordedActivity {
  const exact = run.places.get(given.toLowerCase())
  const [, name = given, path] = exact === undefined ? (/^(.*)\[([\d.]+)\]$/s.exec(given) ?? []) : []
  const place = exact ?? run.places.get(name.toLowerCase())
  if (place === undefined)
    throw new ActivityNotFoundError(
      `The pipeline has no activity ${JSON.stringify(name)}; its activities are: ${namesOf([...run.places.values()].map((one) => one.activity.name))}`,
    )
  const runs = run.activities.filter((one) => one.place === place)
  const last = runs.at(-1)
  if (last === undefined)
    throw new ActivityNotFoundError(
      `The activity ${JSON.stringify(place.activity.name)} has not run; those that have: ${namesOf(run.activities.map((one) => one.row.activity))}`,
    )
  const paths = [...new Set(runs.map((one) => one.row.iterationPath))]
  if (path === undefined && paths.length > 1)
    throw new ActivityNotFoundError(
      `The activity ${JSON.stringify(place.activity.name)} ran in ${paths.length} iterations; say which: ${namesOf(paths.map((one) => `--activity '${place.activity.name}[${one}]'`))}`,
    )
  const found = runs.findLast((one) => path === undefined || one.row.iterationPath === path)
  if (found === undefined)
    throw new ActivityNotFoundError(
      `The activity ${JSON.stringify(place.activity.name)} did not run in iteration ${path}; it ran in: ${namesOf(paths)}`,
    )
  return found
}

const mostNames = 20

function namesOf(all: readonly string[]): string {
  const names = [...new Set(all)]
  if (names.length === 0) return 'none'
  return `${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ` and ${names.length - mostNames} more` : ''}`
}

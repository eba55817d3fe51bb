import type { DependencyCondition, PlannedActivity, PlannedPipeline } from '../adf/plan/plan.ts'
import { matchingCase } from '../engine/branch.ts'
import type { SettledStatus } from '../engine/settlement.ts'
import { innerActivities, scopesOf } from '../engine/activities-of.ts'
import type { Step } from './steps.ts'

/**
 * What tests have covered of a pipeline. An activity is covered when it ran. Its branches: true and false of an IfCondition, each case and
 * the default of a Switch, empty ones too; and of each entry of dependsOn each status of the predecessor that lets the activity run,
 * and `otherwise`: the predecessor ended in another one. Statuses that cannot come up are none: a root is never skipped.
 */
export interface Coverage {
  readonly pipeline: string
  readonly activities: Counted
  readonly branches: Counted
}

export interface Counted {
  readonly all: number
  readonly covered: number
  /** What is not, in the order of the definition. */
  readonly missing: readonly string[]
}

type Outcome = 'Succeeded' | 'Failed' | 'Skipped'

const meets: Readonly<Record<DependencyCondition, readonly Outcome[]>> = {
  Succeeded: ['Succeeded'],
  Failed: ['Failed'],
  Skipped: ['Skipped'],
  Completed: ['Succeeded', 'Failed'],
}

/** `steps`: one list a test, of what ran and what did not. */
export function coverageOf(pipeline: PlannedPipeline, tests: readonly (readonly Step[])[]): Coverage {
  const ran = new Set<string>()
  const taken = new Set<string>()
  for (const test of tests) {
    const steps = test.filter((step) => step.pipeline === pipeline.name)
    const ends = new Map(steps.map((step) => [placeOf(step, step.name), step.settled]))
    for (const step of steps) {
      if (step.status !== 'Skipped' && step.status !== 'Inactive') ran.add(step.name)
      const branch = branchTaken(step)
      if (branch !== null) taken.add(`${step.name}: ${branch}`)
      for (const { activity, conditions } of step.activity.dependsOn) {
        const status = ends.get(placeOf(step, activity))
        if (status !== undefined)
          taken.add(edge(step.name, activity, outcomeBranch(status, statusesOf(conditions))))
      }
    }
  }
  const activities = innerActivities(pipeline.activities)
  return {
    pipeline: pipeline.name,
    activities: counted(
      activities.map(({ name }) => name),
      ran,
    ),
    branches: counted(branchesOf(pipeline.activities), taken),
  }
}

function counted(all: readonly string[], covered: ReadonlySet<string>): Counted {
  const missing = all.filter((one) => !covered.has(one))
  return { all: all.length, covered: all.length - missing.length, missing }
}

/** Every branch of these activities and of what they hold. */
export function branchesOf(activities: readonly PlannedActivity[]): string[] {
  const byName = new Map(activities.map((activity) => [activity.name, activity]))
  return activities.flatMap((activity) => [
    ...activity.dependsOn.flatMap((dependency) => {
      const statuses = statusesOf(dependency.conditions)
      const possible = possibleOf(byName.get(dependency.activity))
      const branches = new Set(possible.map((status) => outcomeBranch(status, statuses)))
      return [...branches].map((branch) => edge(activity.name, dependency.activity, branch))
    }),
    ...ownBranches(activity).map((branch) => `${activity.name}: ${branch}`),
    ...scopesOf(activity).flatMap(branchesOf),
  ])
}

function ownBranches(activity: PlannedActivity): string[] {
  if (activity.type === 'IfCondition') return ['true', 'false']
  if (activity.type === 'Switch') return [...activity.cases.map(({ value }) => caseBranch(value)), 'default']
  return []
}

function branchTaken({ activity, input }: Step): string | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
  const { expression, on } = input
  if (activity.type === 'IfCondition') return typeof expression === 'boolean' ? String(expression) : null
  if (activity.type !== 'Switch' || on === undefined || typeof on === 'object') return null
  const chosen = matchingCase(on, activity.cases)
  return chosen === null ? 'default' : caseBranch(chosen.value)
}

function caseBranch(value: string): string {
  return `case ${JSON.stringify(value)}`
}

function edge(activity: string, predecessor: string, branch: string): string {
  return `${activity} after ${predecessor}: ${branch}`
}

function statusesOf(conditions: readonly DependencyCondition[]): Set<Outcome> {
  return new Set(conditions.flatMap((condition) => meets[condition]))
}

function outcomeBranch(status: SettledStatus, wanted: ReadonlySet<Outcome>): string {
  return status !== 'Cancelled' && wanted.has(status) ? status : 'otherwise'
}

/** How an activity can end. Skipped: only where it depends on something, or is inactive and marked so. */
function possibleOf(activity: PlannedActivity | undefined): Outcome[] {
  if (activity === undefined) return []
  const { inactiveAs, dependsOn } = activity
  const ends: Outcome[] = inactiveAs === null ? ['Succeeded', 'Failed'] : [inactiveAs]
  return dependsOn.length > 0 && inactiveAs !== 'Skipped' ? [...ends, 'Skipped'] : ends
}

/** Activities that depend on each other stand in one scope: same pipeline run, same iteration. */
function placeOf({ prefix, iterationPath }: Step, name: string): string {
  return `${prefix}\n${iterationPath}\n${name}`
}

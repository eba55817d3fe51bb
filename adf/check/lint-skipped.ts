import { references } from '../expression/references.ts'
import { show } from '../resource/fields.ts'
import type { TreeActivity } from './activity-tree.ts'
import { listsOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'
import { ancestorsOf, isReached, outcomeIf } from './outcome-if.ts'

/** Activities that wait for what cannot come. */
export const skippedRules = {
  'dependency-on-skipped-branch': neverRuns,
  'reads-skipped-activity': readsSkipped,
}

/** All ways in which so many activities can end are looked at; of more it is not told. */
const mostAncestors = 10

/** An activity whose dependencies exclude each other: what it waits for is skipped whenever the rest is met. */
function* neverRuns({ activities }: LintedPipeline): Generator<LintHit> {
  for (const list of listsOf(activities)) {
    const candidates = list.filter((one) => !one.inactive && one.dependsOn.length > 0 && isReached(list, one))
    const never = new Set(candidates)
    const strike = (failing: TreeActivity | ReadonlySet<TreeActivity>): void => {
      const { statusOf } = outcomeIf(list, failing)
      for (const one of never) if (statusOf(one.name) !== 'skipped') never.delete(one)
    }
    strike(new Set())
    for (const one of list) if (never.size > 0) strike(one)
    for (const one of never) {
      const ancestors = ancestorsOf(list, one).filter((each) => !each.inactive && each.type !== 'Fail')
      if (ancestors.length > mostAncestors) continue
      for (let subset = 0; subset < 2 ** ancestors.length && never.has(one); subset++)
        strike(new Set(ancestors.filter((_, bit) => Math.floor(subset / 2 ** bit) % 2 === 1)))
      if (!never.has(one) || isBehind(list, one, never)) continue
      const waits = one.dependsOn
        .map(({ activity, conditions }) => `${show(activity)} (${conditions.join(' or ')})`)
        .join(' and ')
      yield {
        path: [...one.path, 'dependsOn'],
        message: `${show(one.name)} never runs: it waits for ${waits}, which never come together; a branch that is not taken is Skipped, so let it follow on Succeeded and Skipped`,
      }
    }
  }
}

/** Of a chain that never runs, the first activity says why. */
function isBehind(
  list: readonly TreeActivity[],
  one: TreeActivity,
  never: ReadonlySet<TreeActivity>,
): boolean {
  return ancestorsOf(list, one).some((each) => never.has(each))
}

/** An activity that runs though one whose output it reads was skipped: its expression fails then. */
function* readsSkipped({ activities }: LintedPipeline): Generator<LintHit> {
  for (const list of listsOf(activities)) {
    const names = new Map(list.map((one) => [one.name.toLowerCase(), one]))
    const readers = list.flatMap((one) => {
      const read = readBy(one).filter((name) => names.has(name))
      return one.inactive || read.length === 0 ? [] : [{ one, read }]
    })
    const told = new Set<string>()
    for (const failing of readers.length === 0 ? [] : list.filter((each) => !each.inactive)) {
      const { statusOf } = outcomeIf(list, failing)
      for (const { one, read } of readers) {
        if (told.has(one.name) || (statusOf(one.name) ?? 'skipped') === 'skipped') continue
        const skipped = read.find((name) => statusOf(name) === 'skipped')
        if (skipped === undefined) continue
        told.add(one.name)
        yield {
          path: [...one.path, 'name'],
          message: `${show(one.name)} runs when ${show(failing.name)} fails and reads ${show(names.get(skipped)?.name)}, which is skipped then: its expression fails; read it only in a branch where it has run`,
        }
      }
    }
  }
}

/** Lower-case names of activities that the expressions of an activity read for certain: not inside a container, not in an `if()`. */
function readBy(one: TreeActivity): string[] {
  if (one.inner.length > 0) return []
  try {
    return references(one.typeProperties).all.flatMap(({ kind, name, expression }) =>
      kind === 'activity' && name !== null && !/\b(if|and|or|coalesce)\s*\(/i.test(expression)
        ? [name.toLowerCase()]
        : [],
    )
  } catch {
    // A syntax error is an issue of its own.
    return []
  }
}

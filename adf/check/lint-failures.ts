import { show } from '../resource/fields.ts'
import type { TreeActivity } from './activity-tree.ts'
import { activeActivities, listsOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'
import { outcomeIf } from './outcome-if.ts'

/** Failures that do not show, and handlers that do not do what they seem to. */
export const failureRules = {
  'failed-iterations-hidden': failedIterationsHidden,
  'do-if-else': doIfElse,
  'failure-of-all': failureOfAll,
}

/** An iteration, or a whole loop, that fails without the pipeline failing. */
function* failedIterationsHidden({ activities }: LintedPipeline): Generator<LintHit> {
  for (const list of listsOf(activities)) {
    for (const loop of list.filter((one) => one.type === 'ForEach' && !one.inactive)) {
      if (outcomeIf(list, loop).outcome === 'succeeded')
        yield {
          path: [...loop.path, 'name'],
          message: `${show(loop.name)} may fail in some iterations and the pipeline ends Succeeded all the same: what follows accepts its failure; end that branch with a Fail activity if it must show`,
        }
      for (const body of loop.inner)
        for (const one of body.filter((inner) => !inner.inactive && inner.type !== 'Fail')) {
          const handler = handlersOf(body, one)[0]
          if (handler === undefined || outcomeIf(body, one).outcome === 'failed') continue
          yield {
            path: [...one.path, 'name'],
            message: `an iteration in which ${show(one.name)} fails counts as Succeeded, since ${show(handler.name)} follows its failure: ${show(loop.name)} and the pipeline stay green; end that branch with a Fail activity, or gather failures and test them after the loop`,
          }
        }
    }
  }
}

/** A handled failure that still ends the pipeline as Failed, because the success branch is skipped. */
function* doIfElse({ activities }: LintedPipeline): Generator<LintHit> {
  for (const list of listsOf(activities)) {
    for (const one of list.filter((each) => !each.inactive && each.type !== 'Fail')) {
      const { outcome, statusOf } = outcomeIf(list, one)
      // A Notify tells of the failure; that it stays one is meant.
      const handler = handlersOf(list, one).find(
        (each) => each.type !== 'Notify' && statusOf(each.name) === 'succeeded',
      )
      if (outcome === 'succeeded' || handler === undefined || failsAfter(list, handler)) continue
      const skipped = list.find(
        (each) =>
          statusOf(each.name) === 'skipped' && each.dependsOn.some((on) => same(on.activity, one.name)),
      )
      if (skipped === undefined) continue
      yield {
        path: [...handler.path, 'dependsOn'],
        message: `the pipeline ends Failed though ${show(handler.name)} handles the failure of ${show(one.name)}: ${show(skipped.name)} is skipped then, and a skipped branch is judged by what it waited for; let an activity follow ${show(skipped.name)} on Skipped, or end with Fail if this is meant`,
      }
    }
  }
}

/** Several failure arrows into one activity: it runs only if all of them fail. */
function* failureOfAll({ activities }: LintedPipeline): Generator<LintHit> {
  for (const one of activeActivities(activities)) {
    const onFailure = one.dependsOn.filter(
      ({ conditions }) => conditions.length === 1 && conditions[0] === 'failed',
    )
    if (onFailure.length < 2) continue
    const names = onFailure.map(({ activity }) => show(activity)).join(' and ')
    yield {
      path: [...one.path, 'dependsOn'],
      message: `${show(one.name)} runs only if ${names} all fail; for any of them, let it follow the last step on Failed and Skipped`,
    }
  }
}

function handlersOf(list: readonly TreeActivity[], one: TreeActivity): TreeActivity[] {
  return list.filter(
    (each) =>
      !each.inactive &&
      each.dependsOn.some(
        ({ activity, conditions }) =>
          same(activity, one.name) && (conditions.includes('failed') || conditions.includes('completed')),
      ),
  )
}

/** Whether a Fail comes after an activity: then the failure is meant. */
function failsAfter(list: readonly TreeActivity[], start: TreeActivity): boolean {
  const seen = new Set<TreeActivity>()
  const open = [start]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.type === 'Fail') return true
    if (seen.has(one)) continue
    seen.add(one)
    const { name } = one
    open.push(...list.filter((each) => each.dependsOn.some(({ activity }) => same(activity, name))))
  }
  return false
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

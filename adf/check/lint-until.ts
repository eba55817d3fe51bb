import { references } from '../expression/references.ts'
import { property } from '../plan/pipeline-scope.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { show } from '../resource/fields.ts'
import { activeActivities, textOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'

export const untilRules = { 'until-never-changes': neverChanges }

const changing = /\b(utcNow|ticks|rand|guid)\s*\(/i

/** A test that reads nothing of what a round does: it ends after the first round or at the timeout. */
function* neverChanges({ activities }: LintedPipeline): Generator<LintHit> {
  for (const loop of activeActivities(activities)) {
    const expression = unwrapExpressions(property(loop.typeProperties, 'expression') ?? null)
    if (loop.type !== 'Until' || typeof expression !== 'string' || changing.test(expression)) continue
    const inside = [...activeActivities(loop.inner.flat())]
    let read
    try {
      read = references(expression)
    } catch {
      // A syntax error is an issue of its own.
      continue
    }
    if (read.dynamicActivity || read.dynamicVariable || read.all.length === 0) continue
    const names = new Set(inside.map((one) => one.name.toLowerCase()))
    const set = new Set(
      inside.map((one) => textOf(property(one.typeProperties, 'variableName')).toLowerCase()),
    )
    if (read.activities.some((one) => names.has(one.toLowerCase()))) continue
    if (read.variables.some((one) => set.has(one.toLowerCase()))) continue
    yield {
      path: [...loop.path, 'typeProperties', 'expression'],
      message: `${show(loop.name)} tests ${show(expression)}, which no activity inside it changes: it ends after the first round or at its timeout; read an activity's output or a variable that is set inside`,
    }
  }
}

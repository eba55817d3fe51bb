import { property } from '../plan/pipeline-scope.ts'
import { show } from '../resource/fields.ts'
import type { TreeActivity } from './activity-tree.ts'
import { textOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'

export const variableRules = { 'set-variable-in-parallel-loop': setInParallelLoop }

/** Variables belong to the run, not to the iteration: parallel iterations overwrite each other's. */
function* setInParallelLoop({ activities }: LintedPipeline): Generator<LintHit> {
  yield* visit(activities, null)
}

function* visit(list: readonly TreeActivity[], loop: TreeActivity | null): Generator<LintHit> {
  for (const one of list) {
    if (one.inactive) continue
    if (loop !== null && one.type === 'SetVariable')
      yield {
        path: [...one.path, 'name'],
        message: `${show(one.name)} sets ${show(property(one.typeProperties, 'variableName'))} in iterations of ${show(loop.name)} that run at once: each may read what another one set; make the loop sequential, append to a list, or move the body to a pipeline of its own`,
      }
    const inner = one.type === 'ForEach' && isParallel(one) ? one : loop
    for (const body of one.inner) yield* visit(body, inner)
  }
}

function isParallel(loop: TreeActivity): boolean {
  const sequential = property(loop.typeProperties, 'isSequential')
  const count = property(loop.typeProperties, 'batchCount')
  return sequential !== true && textOf(sequential).toLowerCase() !== 'true' && Number(count) !== 1
}

import { CancelledFailure, isCancellation } from '@temporalio/workflow'
import type { ControlActivity } from '../adf/plan/plan.ts'
import { requireBoolean } from '../engine/branch.ts'
import { evaluateIn } from './evaluation.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import type { ScopeResult } from './scope.ts'
import { runScope, statusNodes } from './scope.ts'
import type { StatusNode } from './status-node.ts'

export type Until = Extract<ControlActivity, { type: 'Until' }>

export interface RoundsResult {
  /** Rounds that have ended, from the loop's start. */
  readonly rounds: number
  /** `More`: ended early because of `enough`, the condition does not hold yet. */
  readonly end: 'Met' | 'TimedOut' | 'More'
  readonly last: ScopeResult
}

/**
 * Runs rounds of an Until: body, then test. A failing body does not stop it; the last round decides how the loop ends.
 * `deadline`: milliseconds since 1970.
 */
export async function runRounds(
  run: Run,
  loop: Until,
  from: number,
  deadline: number,
  frame: Frame,
  node: StatusNode,
  enough: () => boolean,
): Promise<RoundsResult> {
  let rounds = from
  let last: ScopeResult = { status: 'Succeeded', culprits: [] }
  const body = async (inner: Run): Promise<'Met' | 'More'> => {
    for (;;) {
      const nodes = statusNodes(loop.activities)
      node.show(nodes)
      const round = frame.round(rounds)
      last = await runScope(inner, loop.activities, round, nodes)
      if (last.status === 'Cancelled') throw new CancelledFailure('The loop was cancelled')
      rounds += 1
      node.iterations = { total: rounds, done: rounds, failed: 0, running: 0 }
      if (requireBoolean(evaluateIn(run, round, loop.expression), 'expression')) return 'Met'
      await run.records.room()
      if (enough()) return 'More'
    }
  }
  try {
    const left = Math.max(1, deadline - run.environment.now())
    const end = await run.shell.within(left, (shell) => body({ ...run, shell }))
    return { rounds, end, last }
  } catch (error) {
    if (!isCancellation(error) || run.shell.cancelled()) throw error
    return { rounds, end: 'TimedOut', last }
  }
}

import type { PlannedActivity } from '../adf/plan/plan.ts'
import { decide } from '../engine/dependencies.ts'
import type { Culprit } from '../engine/failure.ts'
import { scopeOutcome } from '../engine/outcome.ts'
import { runActivity } from './activity-run.ts'
import type { EndedActivity } from '../engine/activity-object.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'
import { StatusNode } from './status-node.ts'

export interface ScopeResult {
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled'
  readonly culprits: readonly Culprit[]
}

/**
 * Runs the activities of one scope (a pipeline, a branch, an iteration, a round): each is a promise that settles, and waits for
 * those it depends on. `nodes` are the status nodes, in the order of the activities.
 */
export async function runScope(
  run: Run,
  activities: readonly PlannedActivity[],
  frame: Frame,
  nodes: readonly StatusNode[],
): Promise<ScopeResult> {
  const settling = new Map<string, Promise<EndedActivity>>()
  const byName = new Map(
    activities.map((activity, index) => [activity.name, { activity, node: nodes[index] }]),
  )

  const settle = (name: string): Promise<EndedActivity> => {
    const known = settling.get(name)
    if (known !== undefined) return known
    const entry = byName.get(name)
    if (entry?.node === undefined)
      throw new TypeError(`dependsOn names '${name}', which the plan's checks should have refused`)
    const promise = afterDependencies(entry.activity, entry.node)
    settling.set(name, promise)
    return promise
  }

  const afterDependencies = async (activity: PlannedActivity, node: StatusNode): Promise<EndedActivity> => {
    const names = activity.dependsOn.map((dependency) => dependency.activity)
    const ended = names.length === 0 ? [] : await Promise.all(names.map(settle))
    const statuses = new Map(names.map((name, index) => [name, ended[index]?.status ?? null]))
    const decision = decide(activity.dependsOn, (name) => statuses.get(name) ?? null)
    const settlement = await runActivity(run, activity, frame, node, decision === 'Run')
    frame.end(activity.name, settlement)
    return settlement
  }

  const settled = await Promise.all(activities.map(({ name }) => settle(name)))
  const ends = new Map(activities.map(({ name }, index) => [name, settled[index]]))
  const outcome = scopeOutcome(activities, (name) => ends.get(name)?.status ?? 'Skipped')
  return {
    status: outcome.status,
    culprits: outcome.failed.map((name) => ({
      activity: name,
      message: ends.get(name)?.error?.message ?? '',
    })),
  }
}

export function statusNodes(activities: readonly PlannedActivity[], changed?: () => void): StatusNode[] {
  return activities.map(({ name, type }) => new StatusNode(name, type, changed))
}

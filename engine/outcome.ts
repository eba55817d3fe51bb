import type { Dependency } from '../adf/plan/plan.ts'
import type { SettledStatus } from './settlement.ts'

export interface ScopeOutcome {
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled'
  /** Activities that make the scope fail, in definition order. */
  readonly failed: readonly string[]
}

interface Node {
  readonly name: string
  readonly dependsOn: readonly Dependency[]
}

/**
 * ADF's leaf rule, for a pipeline and for the inside of a container alike: every leaf (no dependants) counts with its status; a
 * skipped one is replaced by its parents, recursively. The scope succeeds when all that counts succeeded. A skipped
 * activity without parents (Inactive, marked as Skipped) counts for nothing.
 */
export function scopeOutcome(
  activities: readonly Node[],
  statusOf: (activity: string) => SettledStatus,
): ScopeOutcome {
  if (activities.some(({ name }) => statusOf(name) === 'Cancelled'))
    return { status: 'Cancelled', failed: [] }
  const parents = new Map(
    activities.map((node) => [node.name, node.dependsOn.map((entry) => entry.activity)]),
  )
  const withDependants = new Set([...parents.values()].flat())
  const queue = activities.map(({ name }) => name).filter((name) => !withDependants.has(name))
  const seen = new Set(queue)
  const failed = new Set<string>()
  for (const name of queue) {
    const status = statusOf(name)
    if (status === 'Failed') failed.add(name)
    if (status !== 'Skipped') continue
    for (const parent of parents.get(name) ?? []) {
      if (!seen.has(parent)) queue.push(parent)
      seen.add(parent)
    }
  }
  return {
    status: failed.size === 0 ? 'Succeeded' : 'Failed',
    failed: activities.map(({ name }) => name).filter((name) => failed.has(name)),
  }
}

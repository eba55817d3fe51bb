import type { Dependency, DependencyCondition } from '../adf/plan/plan.ts'
import type { SettledStatus } from './settlement.ts'

export type Decision = 'Wait' | 'Run' | 'Skip'

/** `Completed` is Succeeded or Failed, not Skipped. */
const met: Readonly<Record<DependencyCondition, readonly SettledStatus[]>> = {
  Succeeded: ['Succeeded'],
  Failed: ['Failed'],
  Skipped: ['Skipped'],
  Completed: ['Succeeded', 'Failed'],
}

/**
 * ADF's rule: wait for every predecessor to end; then run only when each entry holds its predecessor's status in its list
 * (AND across entries, OR inside one), else be skipped at once.
 */
export function decide(
  dependencies: readonly Dependency[],
  statusOf: (activity: string) => SettledStatus | null,
): Decision {
  let decision: Decision = 'Run'
  for (const { activity, conditions } of dependencies) {
    const status = statusOf(activity)
    if (status === null) return 'Wait'
    if (!conditions.some((condition) => met[condition].includes(status))) decision = 'Skip'
  }
  return decision
}

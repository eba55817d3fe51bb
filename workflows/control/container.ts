import { CancelledFailure } from '@temporalio/workflow'
import { containerError } from '../../engine/failure.ts'
import { ActivityFailed } from '../activity-failure.ts'
import type { ScopeResult } from '../scope.ts'

/** Makes a container end as its inside did. */
export function finishContainer(name: string, inside: ScopeResult): void {
  if (inside.status === 'Cancelled') throw new CancelledFailure('The activity was cancelled')
  if (inside.status === 'Failed') throw new ActivityFailed(containerError(name, inside.culprits))
}

import type { CopySinkType } from '../../adf/activity/copy/sink-types.ts'
import type { CopySourceType } from '../../adf/activity/copy/source-types.ts'
import type { ActivityInvocation, ResolvedDataset } from '../../adf/run/run.ts'
import type { CopyProperties } from './session-log.ts'

/** One Copy activity, its properties judged and its types known. */
export interface CopyTask<Source = CopySourceType, Sink = CopySinkType> {
  readonly invocation: ActivityInvocation
  readonly properties: CopyProperties
  readonly input: ResolvedDataset
  readonly output: ResolvedDataset
  readonly sourceType: Source
  readonly sinkType: Sink
}

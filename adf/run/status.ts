import type { JsonValue } from '../json.ts'
import type { ActivityError, ActivityRunStatus, PipelineRunStatus } from './run.ts'

/** Answer of the query `status`: the tree of activity runs of a run, as it stands. */
export interface RunStatus {
  readonly pipeline: string
  readonly runId: string
  readonly workflowId: string
  readonly batch: string
  readonly status: PipelineRunStatus
  readonly paused: boolean
  readonly start: string
  readonly end: string | null
  readonly message: string | null
  readonly activities: readonly ActivityStatus[]
}

export interface ActivityStatus {
  readonly name: string
  readonly type: string
  /** `Waiting`: its dependencies have not ended yet. */
  readonly status: 'Waiting' | ActivityRunStatus
  readonly retryAttempt: number
  readonly start: string | null
  readonly end: string | null
  readonly error: ActivityError | null
  /** Temporal activity id of the running attempt: finds its heartbeat in the workflow's pending activities. */
  readonly activityId: string | null
  /** For loops. `failed` and `running` count iterations. */
  readonly iterations: {
    readonly total: number
    readonly done: number
    readonly failed: number
    readonly running: number
  } | null
  /** Workflow ids of children: an ExecutePipeline's run, a big loop's lanes. Their own `status` tells more. */
  readonly workflowIds: readonly string[]
  /** Branch activities (IfCondition, Switch, Until's last round), or the running and failed iterations of an inline loop. */
  readonly children: readonly ActivityStatus[]
}

/** Names of what a pipeline workflow answers to. */
export const statusQuery = 'status'
/** Answers the activity runs that are not yet in the warehouse, in the order of their ends: `ActivityRunRecord[]`. */
export const recordsQuery = 'records'
export const pauseSignal = 'pause'
export const resumeSignal = 'resume'
export const cancelSignal = 'cancel'
/** Arguments: the call's token, the body of the callback. */
export const callbackSignal = 'callback'

/** Custom search attributes, all Keyword; a Temporal server must have them registered. */
export const searchAttributes = [
  'pipeline',
  'factory',
  'environment',
  'batch',
  'trigger',
  'window',
  'outcome',
] as const

/** What a running work activity reports through its heartbeat. `cursor` survives to the next attempt. */
export interface ActivityHeartbeat {
  readonly progress: ActivityProgress | null
  readonly cursor: JsonValue
}

export interface ActivityProgress {
  readonly done: number
  /** Null where the total is not known. */
  readonly total: number | null
  /** What is counted: `scans`, `rows`, `files`. */
  readonly unit: string
  readonly bytes: number
  readonly rows: number
}

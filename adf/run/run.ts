import type { Plan } from '../plan/plan.ts'
import type { JsonObject, JsonValue } from '../json.ts'

/** Statuses as ADF's monitoring spells them. */
export type PipelineRunStatus = 'Queued' | 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled'
export type ActivityRunStatus =
  | 'Queued'
  | 'InProgress'
  | 'Succeeded'
  | 'Failed'
  | 'TimedOut'
  | 'Cancelled'
  | 'Skipped'
  | 'Inactive'

/** ADF's `error` object of an activity run. */
export interface ActivityError {
  readonly errorCode: string
  readonly message: string
  /** UserError: a definition or data is wrong. SystemError: the outside world failed. */
  readonly failureType: 'UserError' | 'SystemError'
  /** Name of the activity. */
  readonly target: string
  readonly details: JsonValue
}

/** What started a run, as `pipeline().TriggerType` and `trigger()` see it. Times are ISO 8601 UTC. */
export interface RunTrigger {
  readonly type:
    | 'Manual'
    | 'ScheduleTrigger'
    | 'TumblingWindowTrigger'
    | 'ChainingTrigger'
    | 'PipelineActivity'
    | 'Backfill'
  readonly name: string
  readonly id: string
  /** Null: the workflow takes its own start, or the schedule's time where Temporal gives one. */
  readonly scheduledTime: string | null
  /** Body of `trigger()`, e.g. `{ outputs: { windowStartTime, windowEndTime }, runDimensions: { batch } }`. */
  readonly body: JsonObject
}

/** The one argument of every pipeline workflow. The workflow's type is the pipeline's name. */
export interface PipelineRunInput {
  readonly plan: Plan
  readonly pipeline: string
  /** Given values; may hold expressions over `trigger()` when a trigger gave them. Defaults come from the plan. */
  readonly parameters: JsonObject
  readonly trigger: RunTrigger
  /** Set when an ExecutePipeline activity started this run. */
  readonly invokedBy: { readonly pipelineName: string; readonly pipelineRunId: string } | null
  /** Runs that belong together (reruns, children) share it; null: the run's own id. */
  readonly groupId: string | null
  /** Whether chained pipelines start after success. */
  readonly chain: boolean
}

export interface PipelineRunResult {
  readonly runId: string
  readonly status: 'Succeeded'
  readonly returnValue: JsonObject
}

/** Who runs: the same for every activity of a run. */
export interface RunContext {
  readonly factory: string
  readonly environment: string
  readonly pipeline: string
  /** `pipeline().RunId`: Temporal's first execution run id. */
  readonly runId: string
  readonly groupId: string
  readonly workflowId: string
  /** The run's parameter `batch`, else its run id. */
  readonly batch: string
  readonly trigger: RunTrigger
  /** ISO 8601 UTC, seven decimals as ADF prints: when the run was triggered. */
  readonly triggerTime: string
}

/** Workflow types that are no pipelines: a big loop's share, and tries that a history has no room for. No pipeline may have their names. */
export const loopLaneType = 'loopLane'
export const tryLaneType = 'tryLane'
export const ownWorkflowTypes: readonly string[] = [loopLaneType, tryLaneType]

/** What a work activity receives: everything evaluated, every reference resolved. */
export interface ActivityInvocation<P = JsonObject> {
  readonly name: string
  readonly type: string
  readonly typeProperties: P
  /** What typeProperties refer to, by name. */
  readonly datasets: Readonly<Record<string, ResolvedDataset>>
  readonly linkedServices: Readonly<Record<string, ResolvedLinkedService>>
  readonly inputs: readonly ResolvedDataset[]
  readonly outputs: readonly ResolvedDataset[]
  readonly linkedService: ResolvedLinkedService | null
  readonly run: RunContext
  /** Where in nested loops this is: `''` at top, `3` in the fourth iteration of a loop, `3.0` nested. */
  readonly iterationPath: string
  /** ADF's retry count of this try, from 0. */
  readonly retryAttempt: number
  readonly timeoutMs: number
  readonly secureInput: boolean
  readonly secureOutput: boolean
  /** Where the run waits for an answer to this call; WebHook only. */
  readonly callback?: CallbackPlace
  /** Same as `Plan.resources`. */
  readonly resources: Readonly<Record<string, string>>
}

/** Who waits for a callback: a workflow, and in it the one call whose token this is. */
export interface CallbackPlace {
  readonly workflowId: string
  /** Known only to the run and to whom it called. */
  readonly token: string
}

export interface ResolvedDataset {
  readonly name: string
  readonly type: string
  readonly typeProperties: JsonObject
  readonly linkedService: ResolvedLinkedService
}

export interface ResolvedLinkedService {
  readonly name: string
  readonly type: string
  readonly typeProperties: JsonObject
}

/** A row of `activity_runs`. Times are ISO 8601 UTC. One row an attempt and iteration. */
export interface ActivityRunRecord {
  readonly activityRunId: string
  readonly runId: string
  readonly pipeline: string
  readonly activity: string
  readonly type: string
  readonly iterationPath: string
  /** From 0. */
  readonly retryAttempt: number
  readonly status: ActivityRunStatus
  readonly start: string
  readonly end: string | null
  /** Null when secureInput or never evaluated. */
  readonly input: JsonValue
  /** Null when secureOutput or none. */
  readonly output: JsonValue
  readonly error: ActivityError | null
  readonly userProperties: JsonObject
}

/** A row of `pipeline_runs`. */
export interface PipelineRunRecord {
  readonly runId: string
  readonly groupId: string
  readonly workflowId: string
  readonly factory: string
  readonly environment: string
  readonly pipeline: string
  readonly planHash: string
  readonly batch: string
  readonly parameters: JsonObject
  readonly triggerType: string
  readonly triggerName: string
  readonly invokedByRunId: string | null
  readonly status: PipelineRunStatus
  readonly start: string
  readonly end: string | null
  readonly message: string | null
  readonly returnValue: JsonObject | null
}

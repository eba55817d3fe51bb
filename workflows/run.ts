import { uuid4, workflowInfo } from '@temporalio/workflow'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { Environment } from '../adf/expression/scope.ts'
import type { Plan, PlannedActivity, PlannedPipeline } from '../adf/plan/plan.ts'
import type { RunContext } from '../adf/run/run.ts'
import type { Variables } from '../engine/variables.ts'
import type { Frame } from './frame.ts'
import type { PauseGate } from './pause-gate.ts'
import type { RunRecords } from './records.ts'
import type { Shell } from './shell.ts'
import type { Slots } from './slots.ts'
import type { StatusNode } from './status-node.ts'

/** What all activities of one workflow share: a pipeline's run, or one lane of a big loop. */
export interface Run {
  readonly plan: Plan
  readonly pipeline: PlannedPipeline
  readonly context: RunContext
  readonly parameters: JsonObject
  /** System variables of `pipeline()`. */
  readonly system: JsonObject
  readonly variables: Variables
  readonly pauses: Pick<PauseGate, 'paused' | 'open' | 'including'>
  readonly records: Pick<RunRecords, 'add' | 'room'>
  readonly slots: Pick<Slots, 'hold'>
  readonly events: Pick<EventBudget, 'expected' | 'used' | 'reserve' | 'release'>
  readonly environment: Environment
  readonly shell: Shell
  /** Carries out one try; may throw at once. Handed in, since containers run activities which may be containers again. */
  readonly runOnce: (activity: PlannedActivity, attempt: Try) => JsonValue | Promise<JsonValue>
}

/** A run inside a workflow, which can be paused and writes records. */
export interface WorkflowRun extends Run {
  readonly pauses: PauseGate
  readonly records: RunRecords
}

/** One try of an activity, as its runner sees it. */
export interface Try {
  readonly run: Run
  readonly frame: Frame
  readonly node: StatusNode
  /** ADF's count, from 0. */
  readonly retryAttempt: number
  /** What the record shows as input; the runner sets it once it has evaluated it. */
  input: JsonValue
}

/** The history's length and what running loops are still expected to add. */
export class EventBudget {
  #reserved = 0

  get expected(): number {
    return workflowInfo().historyLength + this.#reserved
  }

  get used(): number {
    return workflowInfo().historyLength
  }

  reserve(events: number): void {
    this.#reserved += events
  }

  release(events: number): void {
    this.#reserved -= events
  }
}

/** Clock, GUIDs and random that a replay repeats. */
export function workflowEnvironment(): Environment {
  return { now: () => Date.now(), guid: () => uuid4(), random: () => Math.random() }
}

/** A run's clock: ISO 8601 UTC with milliseconds. */
export function nowIn(run: Pick<Run, 'environment'>): string {
  return new Date(run.environment.now()).toISOString()
}

/** The workflow's clock, likewise. */
export function now(): string {
  return new Date().toISOString()
}

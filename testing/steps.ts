import type { JsonValue } from '../adf/json.ts'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import type { ActivityError, ActivityRunRecord, ActivityRunStatus } from '../adf/run/run.ts'
import type { SettledStatus } from '../engine/settlement.ts'
import type { Try } from '../workflows/run.ts'
import { label } from './label.ts'

/** One try of an activity, or one that was not run. */
export interface Step {
  /** As a test names it. */
  readonly label: string
  /** Without iteration and try. */
  readonly name: string
  readonly pipeline: string
  /** `Call[0]/` of the activity that called the pipeline; '' for the pipeline under test. */
  readonly prefix: string
  readonly activity: PlannedActivity
  readonly iterationPath: string
  readonly retryAttempt: number
  readonly status: ActivityRunStatus
  /** How dependants see it. */
  readonly settled: SettledStatus
  /** Null where it was not evaluated. Secure inputs and outputs are shown: a test has no secrets. */
  readonly input: JsonValue
  readonly output: JsonValue
  readonly error: ActivityError | null
}

interface Begun {
  readonly activity: PlannedActivity
  readonly attempt: Try
  readonly prefix: string
  output: JsonValue
  record: ActivityRunRecord | null
}

/** Tries that one test may take: an Until whose condition never holds and whose body takes no time would never end. */
export const mostSteps = 20_000

/** What happened in a test: what ran in the order in which it began, and what was not run. */
export class Steps {
  readonly #begun = new Map<string, Begun>()
  readonly #unrun: Step[] = []
  readonly #ended: string[] = []

  /** Returns what takes the output. Throws where a test does not come to an end. */
  begin(activity: PlannedActivity, attempt: Try, prefix: string): (output: JsonValue) => void {
    if (this.#begun.size >= mostSteps)
      throw new RangeError(
        `The test took ${mostSteps} steps and has not ended; is there an Until whose condition never holds and whose body takes no time?`,
      )
    const key = label(prefix, activity.name, attempt.frame.iterationPath, attempt.retryAttempt)
    const begun: Begun = { activity, attempt, prefix, output: null, record: null }
    this.#begun.set(key, begun)
    return (output) => {
      begun.output = output
    }
  }

  end(record: ActivityRunRecord, prefix: string, find: (name: string) => PlannedActivity): void {
    const key = label(prefix, record.activity, record.iterationPath, record.retryAttempt)
    this.#ended.push(key)
    const begun = this.#begun.get(key)
    if (begun === undefined) this.#unrun.push(stepOf(find(record.activity), prefix, record, null, null))
    else begun.record = record
  }

  /** What ran, in the order in which it began. */
  ran(): Step[] {
    return [...this.#begun.values()].flatMap(({ activity, attempt, prefix, output, record }) =>
      record === null ? [] : [stepOf(activity, prefix, record, attempt.input, output)],
    )
  }

  /** Labels of all of them, in the order in which they ended. */
  ended(): readonly string[] {
    return this.#ended
  }

  /** Skipped and inactive ones, in the order in which that was decided. */
  unrun(): readonly Step[] {
    return this.#unrun
  }
}

function stepOf(
  activity: PlannedActivity,
  prefix: string,
  record: ActivityRunRecord,
  input: JsonValue,
  output: JsonValue,
): Step {
  const { pipeline, iterationPath, retryAttempt, status, error } = record
  return {
    label: label(prefix, activity.name, iterationPath, retryAttempt),
    name: activity.name,
    pipeline,
    prefix,
    activity,
    iterationPath,
    retryAttempt,
    status,
    settled: settledOf(status, activity),
    input,
    output,
    error,
  }
}

function settledOf(status: ActivityRunStatus, activity: PlannedActivity): SettledStatus {
  if (status === 'Inactive') return activity.inactiveAs ?? 'Succeeded'
  return status === 'Succeeded' || status === 'Skipped' || status === 'Cancelled' ? status : 'Failed'
}

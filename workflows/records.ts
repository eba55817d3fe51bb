import {
  CancellationScope,
  condition,
  defineQuery,
  log,
  proxyLocalActivities,
  scheduleActivity,
  workflowInfo,
} from '@temporalio/workflow'
import type { ActivityRunRecord, PipelineRunRecord } from '../adf/run/run.ts'
import { recordsQuery } from '../adf/run/status.ts'
import type { RunRecordActivities } from '../activities/run-records.ts'

/**
 * Local activities: no round trip, and their arguments stay out of the history. A warehouse that is away is
 * waited for, about ten minutes; then the run goes on unrecorded, since its work counts more than its record.
 */
const warehouse = proxyLocalActivities<RunRecordActivities>({
  startToCloseTimeout: '1 minute',
  // A waiting local activity holds back what the same workflow task schedules; longer waits are timers.
  localRetryThreshold: '1 second',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '20 seconds',
    maximumAttempts: 40,
    nonRetryableErrorTypes: ['DefinitionError', 'DataError'],
  },
})

export const records = defineQuery<readonly ActivityRunRecord[]>(recordsQuery)

const rowsOfOneWrite = 200
/**
 * Writes of one workflow task. A task must end within ten seconds, and one that is kept busy by local activities does not end by itself: a
 * loop that only sets variables would be started again and again.
 */
const mostWritesOfOneTask = 5
/** Writes under way at once; a loop waits beyond: rows do not pile up, and a loop without timers or activities gives way in time. */
const mostWrites = 2

/** Writes a run's rows in the background: activity runs about 200 at once. A run does not wait for its warehouse but at its end. */
export class RunRecords {
  #rows: ActivityRunRecord[] = []
  /** On their way to the warehouse. */
  readonly #inFlight = new Set<readonly ActivityRunRecord[]>()
  #writing = 0
  #writesOfTask = 0
  #taskAt = 0
  #nextTask: Promise<void> | null = null

  add(row: ActivityRunRecord): void {
    this.#rows.push(row)
    if (this.#rows.length >= rowsOfOneWrite) this.#writeRows()
  }

  /** Rows that the warehouse may not have yet. */
  unwritten(): readonly ActivityRunRecord[] {
    return [...[...this.#inFlight].flat(), ...this.#rows]
  }

  /** The run's own row; a later one replaces it. */
  addRun(record: PipelineRunRecord): void {
    this.#inBackground(() => warehouse.RecordPipelineRun(record))
  }

  /** Waits while too much is under way, also in a run that is being cancelled. */
  async room(): Promise<void> {
    if (this.#writing >= mostWrites)
      await CancellationScope.nonCancellable(() => condition(() => this.#writing < mostWrites))
    if (this.#taskAt !== workflowInfo().historyLength) return
    if (this.#writesOfTask < mostWritesOfOneTask) return
    this.#nextTask ??= newTask().finally(() => {
      this.#nextTask = null
    })
    await this.#nextTask
  }

  /** Writes what is left and waits until all is written, also in a run that is being cancelled. */
  async close(): Promise<void> {
    if (this.#rows.length > 0) this.#writeRows()
    if (this.#writing === 0) return
    await CancellationScope.nonCancellable(() => condition(() => this.#writing === 0))
  }

  #writeRows(): void {
    const { historyLength } = workflowInfo()
    this.#writesOfTask = this.#taskAt === historyLength ? this.#writesOfTask + 1 : 1
    this.#taskAt = historyLength
    const rows = this.#rows
    this.#rows = []
    this.#inFlight.add(rows)
    this.#inBackground(() => warehouse.RecordActivityRuns(rows).finally(() => this.#inFlight.delete(rows)))
  }

  #inBackground(write: () => Promise<void>): void {
    this.#writing += 1
    void written(write).finally(() => {
      this.#writing -= 1
    })
  }
}

/** Ends the workflow task and waits for the next one: any activity does, and this one is where run records are. */
async function newTask(): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    scheduleActivity('RecordActivityRuns', [[]], {
      summary: 'New workflow task',
      startToCloseTimeout: '1 minute',
      cancellationType: 'ABANDON',
    }),
  )
}

async function written(write: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(write)
  } catch (error) {
    log.error('The warehouse did not take run records', { error })
  }
}

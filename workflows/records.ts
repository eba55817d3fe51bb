import { CancellationScope, condition, log, proxyLocalActivities } from '@temporalio/workflow'
import type { ActivityRunRecord, PipelineRunRecord } from '../adf/run/run.ts'
import type { RunRecordActivities } from '../activities/run-records.ts'

/**
 * Local activities: no round trip, and their arguments stay out of the history. A warehouse that is away is
 * waited for, about ten minutes; then the run goes on unrecorded, since its work counts more than its record.
 */
const warehouse = proxyLocalActivities<RunRecordActivities>({
  startToCloseTimeout: '1 minute',
  localRetryThreshold: '10 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '20 seconds',
    maximumAttempts: 40,
    nonRetryableErrorTypes: ['DefinitionError', 'DataError'],
  },
})

const rowsOfOneWrite = 200
/** Writes under way at once; a loop waits beyond, so that rows do not pile up in memory. */
const mostWrites = 4

/** Collects the rows of a run's activities and writes them in the background, about 200 at once. */
export class RunRecords {
  #rows: ActivityRunRecord[] = []
  #writing = 0

  add(row: ActivityRunRecord): void {
    this.#rows.push(row)
    if (this.#rows.length >= rowsOfOneWrite) this.#write()
  }

  /** Waits while too much is under way. */
  async room(): Promise<void> {
    if (this.#writing >= mostWrites) await condition(() => this.#writing < mostWrites)
  }

  /** Writes what is left and waits until all is written, also in a run that is being cancelled. */
  async close(): Promise<void> {
    if (this.#rows.length > 0) this.#write()
    await CancellationScope.nonCancellable(() => condition(() => this.#writing === 0))
  }

  async recordRun(record: PipelineRunRecord): Promise<void> {
    await written(() => warehouse.RecordPipelineRun(record))
  }

  #write(): void {
    const rows = this.#rows
    this.#rows = []
    this.#writing += 1
    void written(() => warehouse.RecordActivityRuns(rows)).finally(() => {
      this.#writing -= 1
    })
  }
}

async function written(write: () => Promise<void>): Promise<void> {
  try {
    await CancellationScope.nonCancellable(write)
  } catch (error) {
    log.error('The warehouse did not take run records', { error })
  }
}

import { existsSync } from 'node:fs'
import type { JsonValue } from '../../adf/json.ts'
import type { ActivityRunRecord, ActivityRunStatus, PipelineRunStatus } from '../../adf/run/run.ts'
import type { ActivityStatus, RunStatus } from '../../adf/run/status.ts'
import type { Settings } from '../../config/settings.ts'
import type { Warehouse, WarehouseValue } from '../../warehouse/warehouse.ts'
import type { FoundRun } from './find-run.ts'

type Row = Readonly<Record<string, WarehouseValue>>

export interface RunFilter {
  readonly pipeline?: string | undefined
  readonly batch?: string | undefined
  readonly status?: string | undefined
}

/** Runs as the warehouse records them, newest first: kept when Temporal has forgotten them. */
export async function recordedRuns(
  settings: Settings,
  limit: number,
  filter: RunFilter = {},
): Promise<FoundRun[]> {
  const wanted = Object.entries(filter).flatMap(([column, value]) =>
    value === undefined ? [] : [{ column, value }],
  )
  const where = wanted.map(({ column }) => `AND "${column}" = ?`).join(' ')
  const rows = await read<Row[]>(settings, [], (warehouse) =>
    warehouse.query(`SELECT * FROM pipeline_runs WHERE true ${where} ORDER BY run_start DESC LIMIT ?`, [
      ...wanted.map(({ value }) => value),
      limit,
    ]),
  )
  return rows.map((row) => ({
    pipeline: text(row, 'pipeline'),
    workflowId: text(row, 'workflow_id'),
    runId: text(row, 'run_id'),
    status: text(row, 'status'),
    batch: text(row, 'batch'),
    trigger: text(row, 'trigger_type'),
    start: new Date(text(row, 'run_start')),
    end: row['run_end'] == null ? null : new Date(text(row, 'run_end')),
  }))
}

/**
 * A run as the warehouse records it: needs no worker to answer. Its activities at top level; iterations are rows of `activity_runs`.
 * Null: it is not recorded.
 */
export async function recordedStatus(settings: Settings, runId: string): Promise<RunStatus | null> {
  const [runs, activities] = await read<[Row[], Row[]]>(settings, [[], []], async (warehouse) => [
    await warehouse.query('SELECT * FROM pipeline_runs WHERE run_id = ?', [runId]),
    await warehouse.query(
      "SELECT * FROM activity_runs WHERE run_id = ? AND iteration_path = '' ORDER BY run_start, retry_attempt",
      [runId],
    ),
  ])
  const [run] = runs
  if (run === undefined) return null
  // A later attempt takes the place of the one before it.
  const latest = new Map(activities.map((row) => [text(row, 'activity'), row]))
  return {
    pipeline: text(run, 'pipeline'),
    runId,
    workflowId: text(run, 'workflow_id'),
    batch: text(run, 'batch'),
    status: runStatus(text(run, 'status')),
    paused: false,
    start: text(run, 'run_start'),
    end: textOrNull(run, 'run_end'),
    message: textOrNull(run, 'message'),
    activities: [...latest.values()].map(activityOf),
  }
}

function activityOf(row: Row): ActivityStatus {
  const message = textOrNull(row, 'error_message')
  return {
    name: text(row, 'activity'),
    type: text(row, 'type'),
    status: activityStatus(text(row, 'status')),
    retryAttempt: Number(row['retry_attempt'] ?? 0),
    start: text(row, 'run_start'),
    end: textOrNull(row, 'run_end'),
    error:
      message === null
        ? null
        : {
            errorCode: text(row, 'error_code'),
            message,
            failureType: text(row, 'error_failure_type') === 'UserError' ? 'UserError' : 'SystemError',
            target: text(row, 'activity'),
            details: null,
          },
    activityId: null,
    iterations: null,
    workflowIds: [],
    children: [],
  }
}

/** The activity runs of a run as the warehouse records them, in the order of their ends. */
export async function recordedActivityRuns(settings: Settings, runId: string): Promise<ActivityRunRecord[]> {
  const rows = await read<Row[]>(settings, [], (warehouse) =>
    // Rows are written in the order of their ends, which tells apart what ended in one millisecond.
    warehouse.query('SELECT * FROM activity_runs WHERE run_id = ? ORDER BY run_end, rowid', [runId]),
  )
  return rows.map(activityRunOf)
}

function activityRunOf(row: Row): ActivityRunRecord {
  const { name, retryAttempt, error, ...shown } = activityOf(row)
  return {
    activityRunId: text(row, 'activity_run_id'),
    runId: text(row, 'run_id'),
    pipeline: text(row, 'pipeline'),
    activity: name,
    type: shown.type,
    iterationPath: text(row, 'iteration_path'),
    retryAttempt,
    status: activityStatus(text(row, 'status')),
    start: isoTime(text(row, 'run_start')),
    end: row['run_end'] == null ? null : isoTime(text(row, 'run_end')),
    input: jsonOf(row, 'input'),
    output: jsonOf(row, 'output'),
    error: error === null ? null : { ...error, details: jsonOf(row, 'error_details') },
    userProperties: {},
  }
}

/** As the run's clock wrote it, whatever precision the warehouse keeps. */
function isoTime(time: string): string {
  return new Date(time).toISOString()
}

function jsonOf(row: Row, column: string): JsonValue {
  const value: JsonValue = JSON.parse(textOrNull(row, column) ?? 'null')
  return value
}

const runStatuses: readonly PipelineRunStatus[] = ['Queued', 'InProgress', 'Succeeded', 'Failed', 'Cancelled']
const activityStatuses: readonly ActivityRunStatus[] = [
  'Queued',
  'InProgress',
  'Succeeded',
  'Failed',
  'TimedOut',
  'Cancelled',
  'Skipped',
  'Inactive',
]

function runStatus(value: string): PipelineRunStatus {
  return runStatuses.find((one) => one === value) ?? 'InProgress'
}

function activityStatus(value: string): ActivityRunStatus {
  return activityStatuses.find((one) => one === value) ?? 'InProgress'
}

/** What the warehouse answers; `otherwise` where there is none yet, or it has no runs. */
async function read<T>(
  settings: Settings,
  otherwise: T,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  if (!existsSync(settings.home.warehouse)) return otherwise
  const { openSqliteWarehouse } = await import('../../warehouse/sqlite/sqlite-warehouse.ts')
  const warehouse = await openSqliteWarehouse(settings.home.warehouse)
  try {
    const [table] = await warehouse.query("SELECT name FROM sqlite_master WHERE name = 'activity_runs'")
    return table === undefined ? otherwise : await work(warehouse)
  } finally {
    await warehouse.close()
  }
}

function text(row: Row, column: string): string {
  return String(row[column] ?? '')
}

function textOrNull(row: Row, column: string): string | null {
  const value = row[column]
  return value === null || value === undefined ? null : String(value)
}

import type { JsonValue } from '../adf/json.ts'
import type { ActivityRunRecord, PipelineRunRecord } from '../adf/run/run.ts'
import { activityRunsTable, pipelineRunsTable, runEndColumn } from '../warehouse/run-tables.ts'
import type { Warehouse, WarehouseRow } from '../warehouse/warehouse.ts'

/**
 * How a run records itself: local activities of every pipeline workflow. Both may be repeated and may arrive late:
 * the key is (run) and (run, activity, iteration path, retry attempt), and a row that has ended is never put back in progress.
 */
export interface RunRecordActivities {
  RecordPipelineRun(record: PipelineRunRecord): Promise<void>
  RecordActivityRuns(records: readonly ActivityRunRecord[]): Promise<void>
}

export function createRunRecordActivities(warehouse: Warehouse): RunRecordActivities {
  return {
    async RecordPipelineRun(record) {
      await warehouse.upsert(pipelineRunsTable, [pipelineRunRow(record)], { finalWith: runEndColumn })
    },
    async RecordActivityRuns(records) {
      await warehouse.upsert(activityRunsTable, records.map(activityRunRow), { finalWith: runEndColumn })
    },
  }
}

function pipelineRunRow(record: PipelineRunRecord): WarehouseRow {
  return [
    record.runId,
    record.groupId,
    record.workflowId,
    record.factory,
    record.environment,
    record.pipeline,
    record.planHash,
    record.batch,
    JSON.stringify(record.parameters),
    record.triggerType,
    record.triggerName,
    record.invokedByRunId,
    record.status,
    record.start,
    record.end,
    record.message,
    jsonText(record.returnValue),
  ]
}

function activityRunRow(record: ActivityRunRecord): WarehouseRow {
  return [
    record.activityRunId,
    record.runId,
    record.pipeline,
    record.activity,
    record.type,
    record.iterationPath,
    record.retryAttempt,
    record.status,
    record.start,
    record.end,
    jsonText(record.input),
    jsonText(record.output),
    record.error?.errorCode ?? null,
    record.error?.message ?? null,
    record.error?.failureType ?? null,
    jsonText(record.error?.details ?? null),
    JSON.stringify(record.userProperties),
  ]
}

function jsonText(value: JsonValue): string | null {
  return value === null ? null : JSON.stringify(value)
}

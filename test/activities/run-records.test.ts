import { expect, test } from 'vitest'
import { createRunRecordActivities } from '../../activities/run-records.ts'
import type { ActivityRunRecord, PipelineRunRecord } from '../../adf/run/run.ts'
import { temporaryWarehouse } from '../warehouse/temporary-warehouse.ts'

const run: PipelineRunRecord = {
  runId: 'run-1',
  groupId: 'run-1',
  workflowId: 'bronze/b1',
  factory: 'test',
  environment: 'dev',
  pipeline: 'bronze',
  planHash: 'abc',
  batch: 'b1',
  parameters: { batch: 'b1' },
  triggerType: 'Manual',
  triggerName: 'manual',
  invokedByRunId: null,
  status: 'InProgress',
  start: '2026-11-21T09:30:00.000Z',
  end: null,
  message: null,
  returnValue: null,
}

const activity: ActivityRunRecord = {
  activityRunId: 'a-1',
  runId: 'run-1',
  pipeline: 'bronze',
  activity: 'Ingest scans',
  type: 'IngestScans',
  iterationPath: '3',
  retryAttempt: 0,
  status: 'Failed',
  start: '2026-11-21T09:30:00.000Z',
  end: '2026-11-21T09:30:01.000Z',
  input: { chunk: { index: 3 } },
  output: null,
  error: {
    errorCode: '2200',
    message: 'disk full',
    failureType: 'SystemError',
    target: 'Ingest scans',
    details: null,
  },
  userProperties: {},
}

test('a run is one row that ends once', async () => {
  const { warehouse } = await temporaryWarehouse()
  const records = createRunRecordActivities(warehouse)
  await records.RecordPipelineRun(run)
  await records.RecordPipelineRun({
    ...run,
    status: 'Succeeded',
    end: '2026-11-21T09:31:00.000Z',
    returnValue: { rows: 3 },
  })
  await records.RecordPipelineRun(run)
  expect(
    await warehouse.query('SELECT run_id, status, run_start, run_end, return_value FROM pipeline_runs'),
  ).toEqual([
    {
      run_id: 'run-1',
      status: 'Succeeded',
      run_start: '2026-11-21T09:30:00.000000Z',
      run_end: '2026-11-21T09:31:00.000000Z',
      return_value: '{"rows":3}',
    },
  ])
})

test('an activity run is a row for each iteration and attempt, however often it is recorded', async () => {
  const { warehouse } = await temporaryWarehouse()
  const records = createRunRecordActivities(warehouse)
  const again: ActivityRunRecord = {
    ...activity,
    retryAttempt: 1,
    status: 'Succeeded',
    output: { scans: 2 },
    error: null,
  }
  const inLoop: ActivityRunRecord = { ...again, iterationPath: '4', retryAttempt: 0 }
  await records.RecordActivityRuns([activity, again, inLoop])
  await records.RecordActivityRuns([activity, again, inLoop])
  await records.RecordActivityRuns([{ ...activity, status: 'InProgress', end: null, error: null }])
  await records.RecordActivityRuns([])
  expect(
    await warehouse.query(
      'SELECT iteration_path, retry_attempt, status, output, error_code, error_message FROM activity_runs ORDER BY 1, 2',
    ),
  ).toEqual([
    {
      iteration_path: '3',
      retry_attempt: 0,
      status: 'Failed',
      output: null,
      error_code: '2200',
      error_message: 'disk full',
    },
    {
      iteration_path: '3',
      retry_attempt: 1,
      status: 'Succeeded',
      output: '{"scans":2}',
      error_code: null,
      error_message: null,
    },
    {
      iteration_path: '4',
      retry_attempt: 0,
      status: 'Succeeded',
      output: '{"scans":2}',
      error_code: null,
      error_message: null,
    },
  ])
})

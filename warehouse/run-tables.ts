import type { WarehouseTable } from './warehouse.ts'

/** One row a run. ADF keeps these for 45 days; here they stay until somebody deletes them. `parameters`, `return_value`: JSON text. */
export const pipelineRunsTable: WarehouseTable = {
  name: 'pipeline_runs',
  columns: [
    { name: 'run_id', type: 'string', nullable: false },
    { name: 'group_id', type: 'string', nullable: false },
    { name: 'workflow_id', type: 'string', nullable: false },
    { name: 'factory', type: 'string', nullable: false },
    { name: 'environment', type: 'string', nullable: false },
    { name: 'pipeline', type: 'string', nullable: false },
    { name: 'plan_hash', type: 'string', nullable: false },
    { name: 'batch', type: 'string', nullable: false },
    { name: 'parameters', type: 'string', nullable: false },
    { name: 'trigger_type', type: 'string', nullable: false },
    { name: 'trigger_name', type: 'string', nullable: false },
    { name: 'invoked_by_run_id', type: 'string', nullable: true },
    { name: 'status', type: 'string', nullable: false },
    { name: 'run_start', type: 'timestamp', nullable: false },
    { name: 'run_end', type: 'timestamp', nullable: true },
    { name: 'message', type: 'string', nullable: true },
    { name: 'return_value', type: 'string', nullable: true },
  ],
  key: ['run_id'],
  indexes: [['workflow_id'], ['pipeline', 'run_start'], ['group_id']],
}

/**
 * One row an attempt and iteration of an activity. `input`, `output`, `error_details`, `user_properties`: JSON text; input and output are
 * null where the policy calls them secure.
 */
export const activityRunsTable: WarehouseTable = {
  name: 'activity_runs',
  columns: [
    { name: 'activity_run_id', type: 'string', nullable: false },
    { name: 'run_id', type: 'string', nullable: false },
    { name: 'pipeline', type: 'string', nullable: false },
    { name: 'activity', type: 'string', nullable: false },
    { name: 'type', type: 'string', nullable: false },
    { name: 'iteration_path', type: 'string', nullable: false },
    { name: 'retry_attempt', type: 'int', nullable: false },
    { name: 'status', type: 'string', nullable: false },
    { name: 'run_start', type: 'timestamp', nullable: false },
    { name: 'run_end', type: 'timestamp', nullable: true },
    { name: 'input', type: 'string', nullable: true },
    { name: 'output', type: 'string', nullable: true },
    { name: 'error_code', type: 'string', nullable: true },
    { name: 'error_message', type: 'string', nullable: true },
    { name: 'error_failure_type', type: 'string', nullable: true },
    { name: 'error_details', type: 'string', nullable: true },
    { name: 'user_properties', type: 'string', nullable: false },
  ],
  key: ['run_id', 'activity', 'iteration_path', 'retry_attempt'],
}

/** One row a channel that took a notification: what was sent is not sent again. */
export const notificationsTable: WarehouseTable = {
  name: 'notifications',
  columns: [
    { name: 'deduplication_key', type: 'string', nullable: false },
    { name: 'channel', type: 'string', nullable: false },
    { name: 'run_id', type: 'string', nullable: false },
    { name: 'pipeline', type: 'string', nullable: false },
    { name: 'severity', type: 'string', nullable: false },
    { name: 'title', type: 'string', nullable: false },
    { name: 'sent_at', type: 'timestamp', nullable: false },
  ],
  key: ['deduplication_key', 'channel'],
}

export const runTables: readonly WarehouseTable[] = [pipelineRunsTable, activityRunsTable, notificationsTable]

/** The column that, once set, makes a row of a run table final: a late row without it must not replace it. */
export const runEndColumn = 'run_end'

import type { JsonObject } from '../adf/json.ts'
import type { WorkActivityType } from '../adf/plan/plan.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'
import type { ActivityFunction, Dependencies } from './activity.ts'
import { runAttempt } from './attempt.ts'
import { azureFunction } from './azure-function.ts'
import { buildTrainingDataset } from './build-training-dataset.ts'
import { buildTable } from './build-table.ts'
import { cancelRun, type CancelRunActivity } from './cancel-run.ts'
import { checkQuality } from './check-quality.ts'
import { databricksJob, databricksNotebook, databricksSparkJar, databricksSparkPython } from './databricks.ts'
import { copy } from './copy/copy.ts'
import { archiveInbox } from './gelsight/archive-inbox.ts'
import { deleteFiles } from './delete.ts'
import { findScans } from './gelsight/find-scans.ts'
import { ingestCalibrations } from './gelsight/ingest-calibrations.ts'
import { ingestImages } from './gelsight/ingest-images.ts'
import { ingestScans } from './gelsight/ingest-scans.ts'
import { validateBronze } from './gelsight/validate-bronze.ts'
import { getMetadata } from './get-metadata.ts'
import { loadWarehouse } from './load-warehouse.ts'
import { lookup } from './lookup.ts'
import { script } from './script.ts'
import { sqlServerStoredProcedure } from './sql-server-stored-procedure.ts'
import { notify } from './notify.ts'
import type { RunRecordActivities } from './run-records.ts'
import { createRunRecordActivities } from './run-records.ts'
import type { ValidationInput } from './validation.ts'
import { validateDataset, validationLookMs } from './validation.ts'
import { webActivity } from './web-activity.ts'
import { webHook } from './web-hook.ts'

/** One function for each work activity type, of the type's name. */
const functions = {
  ArchiveInbox: archiveInbox,
  AzureFunctionActivity: azureFunction,
  BuildTable: buildTable,
  BuildTrainingDataset: buildTrainingDataset,
  CheckQuality: checkQuality,
  DatabricksJob: databricksJob,
  DatabricksNotebook: databricksNotebook,
  DatabricksSparkJar: databricksSparkJar,
  DatabricksSparkPython: databricksSparkPython,
  Copy: copy,
  Delete: deleteFiles,
  FindScans: findScans,
  GetMetadata: getMetadata,
  IngestCalibrations: ingestCalibrations,
  IngestImages: ingestImages,
  IngestScans: ingestScans,
  LoadWarehouse: loadWarehouse,
  Lookup: lookup,
  Notify: notify,
  Script: script,
  SqlServerStoredProcedure: sqlServerStoredProcedure,
  ValidateBronze: validateBronze,
  WebActivity: webActivity,
  WebHook: webHook,
} satisfies Record<WorkActivityType, ActivityFunction>

/** What a worker registers with Temporal: work activities by their type, Validation's look, run records, a run's own cancel. */
export interface Activities extends RunRecordActivities, CancelRunActivity {
  readonly [type: string]: (...args: never[]) => Promise<JsonObject | void>
}

export function createActivities(dependencies: Dependencies): Activities {
  const { stores, warehouse } = dependencies
  const work = Object.entries(functions).map(([type, run]: [string, ActivityFunction]) => [
    type,
    (invocation: ActivityInvocation): Promise<JsonObject> =>
      runAttempt(invocation.timeoutMs, (context) => run(invocation, context, dependencies)),
  ])
  return {
    ...Object.fromEntries(work),
    ...createRunRecordActivities(warehouse),
    CancelRun: cancelRun,
    Validation: (input: ValidationInput): Promise<JsonObject> =>
      runAttempt(validationLookMs, () => validateDataset(stores, input)),
  }
}

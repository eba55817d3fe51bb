import { appendVariableProperties } from './append-variable.ts'
import { archiveInboxProperties } from './archive-inbox.ts'
import { buildTableProperties } from './build-table.ts'
import { buildTrainingDatasetProperties } from './build-training-dataset.ts'
import { checkQualityProperties } from './check-quality.ts'
import {
  databricksJobProperties,
  databricksNotebookProperties,
  databricksSparkJarProperties,
  databricksSparkPythonProperties,
} from './databricks.ts'
import { copyProperties } from './copy.ts'
import { deleteProperties } from './delete.ts'
import { executePipelineProperties } from './execute-pipeline.ts'
import { failProperties } from './fail.ts'
import { filterProperties } from './filter.ts'
import { findScansProperties } from './find-scans.ts'
import { forEachProperties } from './for-each.ts'
import { getMetadataProperties } from './get-metadata.ts'
import { ifConditionProperties } from './if-condition.ts'
import { ingestCalibrationsProperties } from './ingest-calibrations.ts'
import { ingestImagesProperties } from './ingest-images.ts'
import { ingestScansProperties } from './ingest-scans.ts'
import { loadWarehouseProperties } from './load-warehouse.ts'
import { lookupProperties } from './lookup.ts'
import { notifyProperties } from './notify.ts'
import { scriptProperties } from './script.ts'
import { setVariableProperties } from './set-variable.ts'
import { sqlServerStoredProcedureProperties } from './sql-server-stored-procedure.ts'
import { switchProperties } from './switch.ts'
import { untilProperties } from './until.ts'
import { validateBronzeProperties } from './validate-bronze.ts'
import { validationProperties } from './validation.ts'
import { waitProperties } from './wait.ts'
import { azureFunctionProperties } from './azure-function.ts'
import { webActivityProperties } from './web-activity.ts'
import { webHookProperties } from './web-hook.ts'

/** Control activities: the engine runs them inside the workflow. */
export const controlActivities = {
  ForEach: forEachProperties,
  IfCondition: ifConditionProperties,
  Switch: switchProperties,
  Until: untilProperties,
  Wait: waitProperties,
  SetVariable: setVariableProperties,
  AppendVariable: appendVariableProperties,
  Filter: filterProperties,
  Fail: failProperties,
  ExecutePipeline: executePipelineProperties,
  Validation: validationProperties,
} as const

/** Work activities: each is a Temporal activity of this name. A new one is a file here, a row here, a file in `activities/`. */
export const workActivities = {
  FindScans: findScansProperties,
  IngestScans: ingestScansProperties,
  IngestCalibrations: ingestCalibrationsProperties,
  IngestImages: ingestImagesProperties,
  ValidateBronze: validateBronzeProperties,
  ArchiveInbox: archiveInboxProperties,
  BuildTable: buildTableProperties,
  CheckQuality: checkQualityProperties,
  BuildTrainingDataset: buildTrainingDatasetProperties,
  LoadWarehouse: loadWarehouseProperties,
  Notify: notifyProperties,
  GetMetadata: getMetadataProperties,
  WebActivity: webActivityProperties,
  WebHook: webHookProperties,
  AzureFunctionActivity: azureFunctionProperties,
  DatabricksNotebook: databricksNotebookProperties,
  DatabricksSparkJar: databricksSparkJarProperties,
  DatabricksSparkPython: databricksSparkPythonProperties,
  DatabricksJob: databricksJobProperties,
  Copy: copyProperties,
  Delete: deleteProperties,
  Lookup: lookupProperties,
  Script: scriptProperties,
  SqlServerStoredProcedure: sqlServerStoredProcedureProperties,
} as const

/** Properties that name tables of `table/`, one or a list, and the files that each of these tables must have. */
export const tableProperties: Readonly<
  Partial<
    Record<WorkActivityType, { readonly property: string; readonly files: readonly ('yaml' | 'sql')[] }>
  >
> = {
  BuildTable: { property: 'table', files: ['yaml', 'sql'] },
  LoadWarehouse: { property: 'tables', files: ['yaml'] },
  CheckQuality: { property: 'tables', files: ['yaml'] },
}

/** Properties that refer to a dataset. */
export const datasetProperties: Readonly<Partial<Record<WorkActivityType, string>>> = {
  GetMetadata: 'dataset',
  Delete: 'dataset',
  Lookup: 'dataset',
}

/** Properties that name notification channels. */
export const channelProperties: Readonly<Partial<Record<WorkActivityType, string>>> = { Notify: 'channels' }

/** Types that ADF has and Headrace does not run: definitions that use them are read, and refused by name. */
export const otherAdfTypes: readonly string[] = [
  'ExecuteDataFlow',
  'ExecuteWranglingDataflow',
  'Custom',
  'AzureDataExplorerCommand',
  'AzureMLBatchExecution',
  'AzureMLUpdateResource',
  'AzureMLExecutePipeline',
  'HDInsightHive',
  'HDInsightPig',
  'HDInsightMapReduce',
  'HDInsightStreaming',
  'HDInsightSpark',
  'ExecuteSSISPackage',
  'DataLakeAnalyticsU-SQL',
  'SynapseNotebook',
  'SparkJob',
]

export type ControlActivityType = keyof typeof controlActivities
export type WorkActivityType = keyof typeof workActivities
export type ActivityType = ControlActivityType | WorkActivityType

const spelling = new Map<string, ActivityType>()
for (const type of controlActivityTypes()) spelling.set(type.toLowerCase(), type)
for (const type of workActivityTypes()) spelling.set(type.toLowerCase(), type)

/** Every type, control activities first. */
export const activityTypes: readonly ActivityType[] = [...spelling.values()]

/** The type whose name this is, whatever its case. */
export function findActivityType(name: string): ActivityType | undefined {
  return spelling.get(name.toLowerCase())
}

export function isControlType(type: ActivityType): type is ControlActivityType {
  return Object.hasOwn(controlActivities, type)
}

function controlActivityTypes(): ControlActivityType[] {
  return Object.keys(controlActivities) as ControlActivityType[]
}

function workActivityTypes(): WorkActivityType[] {
  return Object.keys(workActivities) as WorkActivityType[]
}

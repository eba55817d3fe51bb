import { controlActivities, otherAdfTypes } from '../activity/activity-types.ts'

/** Work that ADF has a type for; whether it runs here too is said in adf/activity. */
const adfWorkTypes = [
  'Copy',
  'Lookup',
  'GetMetadata',
  'Delete',
  'WebActivity',
  'WebHook',
  'Script',
  'SqlServerStoredProcedure',
  'AzureFunctionActivity',
  'DatabricksNotebook',
  'DatabricksSparkJar',
  'DatabricksSparkPython',
  'DatabricksJob',
  'ExecuteDataFlow',
]

const known = new Set(
  [...Object.keys(controlActivities), ...adfWorkTypes, ...otherAdfTypes].map((type) => type.toLowerCase()),
)

/** Whether ADF has an activity type of this name. */
export function isAdfType(type: string): boolean {
  return known.has(type.toLowerCase())
}

import {
  databricksJobProperties,
  databricksNotebookProperties,
  databricksSparkJarProperties,
  databricksSparkPythonProperties,
} from '../adf/activity/databricks.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityFunction } from './activity.ts'
import { clusterOf } from './databricks/cluster.ts'
import { followRun } from './databricks/follow-run.ts'
import { openWorkspace, type Workspace } from './databricks/workspace.ts'
import { parseProperties } from './properties.ts'
import { isJsonObject, requestId, serviceFailure } from './web/call.ts'

type Submit = (workspace: Workspace, token: string) => Promise<JsonObject>

/**
 * Submits once, then follows. The Jobs API returns the run that exists for an idempotency token, so a worker that takes over gets the same
 * run however early the other one died.
 */
function databricks(submit: (invocation: Parameters<ActivityFunction>[0]) => Submit): ActivityFunction {
  return async (invocation, context, { secrets }) => {
    const open = (signal: AbortSignal) => openWorkspace(invocation, secrets, signal)
    const workspace = await open(context.signal)
    const known = isJsonObject(context.cursor) ? context.cursor['runId'] : undefined
    const runId =
      typeof known === 'number' ? known : runIn(await submit(invocation)(workspace, requestId(invocation)))
    context.checkpoint({ runId })
    return followRun(workspace, open, runId, context)
  }
}

function submitTask(task: JsonObject, name: string, libraries: JsonObject[]): Submit {
  return (workspace, token) =>
    workspace.post('jobs/runs/submit', {
      run_name: name,
      idempotency_token: token,
      tasks: [
        {
          task_key: 'activity',
          ...clusterOf(workspace.service),
          ...(libraries.length > 0 ? { libraries } : {}),
          ...task,
        },
      ],
    })
}

export const databricksNotebook = databricks((invocation) => {
  const { notebookPath, baseParameters, libraries } = parseProperties(
    databricksNotebookProperties,
    invocation,
  )
  const notebook_task = { notebook_path: notebookPath, base_parameters: texts(baseParameters) }
  return submitTask({ notebook_task }, nameOf(invocation), libraries)
})

export const databricksSparkJar = databricks((invocation) => {
  const { mainClassName, parameters, libraries } = parseProperties(databricksSparkJarProperties, invocation)
  const spark_jar_task = { main_class_name: mainClassName, parameters: parameters.map(text) }
  return submitTask({ spark_jar_task }, nameOf(invocation), libraries)
})

export const databricksSparkPython = databricks((invocation) => {
  const { pythonFile, parameters, libraries } = parseProperties(databricksSparkPythonProperties, invocation)
  const spark_python_task = { python_file: pythonFile, parameters: parameters.map(text) }
  return submitTask({ spark_python_task }, nameOf(invocation), libraries)
})

export const databricksJob = databricks((invocation) => {
  const { jobId, jobParameters } = parseProperties(databricksJobProperties, invocation)
  return (workspace, token) =>
    workspace.post('jobs/run-now', {
      job_id: Number(jobId),
      job_parameters: texts(jobParameters),
      idempotency_token: token,
    })
})

function nameOf({ run, name }: Parameters<ActivityFunction>[0]): string {
  return `${run.pipeline}/${name} (${run.runId})`
}

function runIn(answer: JsonObject): number {
  const runId = answer['run_id']
  if (typeof runId === 'number') return runId
  throw serviceFailure(
    '3200',
    `Databricks answered without a run_id: ${JSON.stringify(answer).slice(0, 500)}`,
  )
}

function texts(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]))
}

/** Parameters of jobs are text. */
function text(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

import { CancelledFailure } from '@temporalio/activity'
import { expect, test } from 'vitest'
import type { ActivityFunction } from '../../activities/activity.ts'
import {
  databricksJob,
  databricksNotebook,
  databricksSparkJar,
  databricksSparkPython,
} from '../../activities/databricks.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import { createSecrets } from '../../stores/secrets.ts'
import { attemptContext } from '../support/activity-context.ts'
import { databricksServer } from '../support/databricks-server.ts'
import { dependenciesWith } from '../support/dependencies.ts'
import { invocationOf } from '../support/invocation.ts'

const secrets = createSecrets(() => 'token')
const accessToken = { type: 'AzureKeyVaultSecret', store: { referenceName: 'kv' }, secretName: 'dbx' }

function start(
  activity: ActivityFunction,
  domain: string,
  typeProperties: JsonObject,
  more: { cluster?: JsonObject; cursor?: JsonValue; signal?: AbortSignal } = {},
) {
  const { cluster = { existingClusterId: 'c1' }, ...context } = more
  const attempt = attemptContext(context)
  const linkedService = {
    name: 'dbx',
    type: 'AzureDatabricks',
    typeProperties: { domain, accessToken, ...cluster },
  }
  const invocation = invocationOf('Databricks', typeProperties, { linkedService })
  return { output: activity(invocation, attempt.context, dependenciesWith({ secrets })), ...attempt }
}

const notebook = { notebookPath: '/Shared/silver', baseParameters: { batch: 'b1', top: 3 } }

test.each<[title: string, activity: ActivityFunction, properties: JsonObject, task: JsonObject]>([
  [
    'a notebook',
    databricksNotebook,
    notebook,
    { notebook_task: { notebook_path: '/Shared/silver', base_parameters: { batch: 'b1', top: '3' } } },
  ],
  [
    'a JAR',
    databricksSparkJar,
    { mainClassName: 'com.x.Main', parameters: ['a', 1], libraries: [{ jar: 'dbfs:/a.jar' }] },
    {
      spark_jar_task: { main_class_name: 'com.x.Main', parameters: ['a', '1'] },
      libraries: [{ jar: 'dbfs:/a.jar' }],
    },
  ],
  [
    'a Python file',
    databricksSparkPython,
    { pythonFile: 'dbfs:/a.py', parameters: ['x'] },
    { spark_python_task: { python_file: 'dbfs:/a.py', parameters: ['x'] } },
  ],
])('submits %s, follows it and hands on its output', async (_title, activity, properties, task) => {
  const server = await databricksServer()
  const { output, checkpoints } = start(activity, server.url, properties)
  await expect(output).resolves.toEqual({
    runId: 101,
    runPageUrl: 'https://workspace/#job/101',
    runOutput: { rows: 3 },
  })
  const [run] = server.runs.values()
  expect(run?.task['tasks']).toEqual([{ task_key: 'activity', existing_cluster_id: 'c1', ...task }])
  expect(checkpoints).toEqual([{ runId: 101 }])
})

test('starts a job of the workspace', async () => {
  const server = await databricksServer({ result: 'plain text' })
  const { output } = start(databricksJob, server.url, { jobId: '77', jobParameters: { day: '2026-11-21' } })
  await expect(output).resolves.toMatchObject({ runOutput: 'plain text' })
  const [run] = server.runs.values()
  expect(run?.task).toMatchObject({ job_id: 77, job_parameters: { day: '2026-11-21' } })
})

test('a worker that takes over submits nothing: with the cursor it asks nobody, without it gets the same run', async () => {
  const server = await databricksServer()
  await start(databricksNotebook, server.url, notebook).output
  await start(databricksNotebook, server.url, notebook).output
  await start(databricksNotebook, server.url, notebook, { cursor: { runId: 101 } }).output
  expect(server.runs.size).toBe(1)
  expect(server.requests.filter(({ url }) => url.endsWith('/submit'))).toHaveLength(2)
})

test('a run that fails says why, with ADF’s code', async () => {
  const server = await databricksServer({ state: 'FAILED' })
  const error = await start(databricksNotebook, server.url, notebook).output.catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /error state: FAILED, error message: said so.*https:\/\/workspace\/#job\/101/,
    ),
    details: [{ errorCode: '3204', failureType: 'UserError' }],
  })
})

test('a workspace that stumbles is asked again', async () => {
  const server = await databricksServer({ stumbles: 2 })
  await expect(start(databricksNotebook, server.url, notebook).output).resolves.toMatchObject({ runId: 101 })
})

test.each<[title: string, reason: Error, cancelled: boolean]>([
  ['a cancel cancels the run', new CancelledFailure('CANCELLED'), true],
  ['a worker that goes away leaves the run to the next one', new CancelledFailure('WORKER_SHUTDOWN'), false],
])('%s', async (_title, reason, cancelled) => {
  const server = await databricksServer({ looks: 1_000 })
  const controller = new AbortController()
  const { output } = start(databricksNotebook, server.url, notebook, { signal: controller.signal })
  const ended = expect(output).rejects.toThrow()
  await expect.poll(() => [...server.runs.values()][0]?.looks ?? 0).toBeGreaterThan(0)
  controller.abort(reason)
  await ended
  expect([...server.runs.values()].map((run) => run.cancelled)).toEqual([cancelled])
})

test.each<[title: string, cluster: JsonObject, task: JsonObject]>([
  [
    'a fixed number of workers',
    { newClusterVersion: '15.4.x-scala2.12', newClusterNodeType: 'D4', newClusterNumOfWorker: '4' },
    { spark_version: '15.4.x-scala2.12', node_type_id: 'D4', num_workers: 4 },
  ],
  [
    'a range of workers from a pool',
    { newClusterVersion: '15.4', instancePoolId: 'p', newClusterNumOfWorker: '2:8' },
    { spark_version: '15.4', instance_pool_id: 'p', autoscale: { min_workers: 2, max_workers: 8 } },
  ],
])('a new cluster has %s', async (_title, cluster, expected) => {
  const server = await databricksServer({ looks: 0 })
  await start(databricksNotebook, server.url, notebook, { cluster }).output
  const [run] = server.runs.values()
  expect(run?.task['tasks']).toMatchObject([{ new_cluster: expected }])
})

test.each<[title: string, cluster: JsonObject, message: RegExp]>([
  ['no cluster', {}, /names no cluster: it needs existingClusterId, or newClusterVersion/],
  [
    'no number of workers',
    { newClusterVersion: '15', newClusterNumOfWorker: 'many' },
    /newClusterNumOfWorker "many"/,
  ],
  ['no token', { accessToken: 7 }, /accessToken of linked service 'dbx' must be text/],
  [
    'a wrong token',
    { existingClusterId: 'c', accessToken: 'other' },
    /answered 403 to POST .*Invalid access token/,
  ],
])('refuses %s', async (_title, cluster, message) => {
  const server = await databricksServer()
  await expect(start(databricksNotebook, server.url, notebook, { cluster }).output).rejects.toThrow(message)
})

import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { expect, test } from 'vitest'
import { workflowBundle } from '../../workers/workflow-bundle.ts'
import { type History, readHistory } from '../support/history-file.ts'
import { historyCases } from '../support/history-cases.ts'

const quiet = new DefaultLogger('ERROR', () => {})
Runtime.install({ logger: quiet, telemetryOptions: { logging: { forward: {} } } })

const folder = join(import.meta.dirname, '../histories')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

interface Recorded {
  readonly name: string
  readonly history: History
}

function read(name: string): string {
  return readFileSync(join(folder, `${name}.json`), 'utf8')
}

/** By name: what went wrong, or null. Ids of children come from the workflow's own, so it must be the recorded one. */
async function replay(recorded: readonly Recorded[]): Promise<Record<string, string | null>> {
  const options = { workflowBundle: await workflowBundle(join(homedir(), '.cache/headrace')) }
  const names = new Map(recorded.map((one) => [workflowIdOf(one), one.name]))
  const histories = recorded.map((one) => ({ workflowId: workflowIdOf(one), history: one.history }))
  const results: Record<string, string | null> = {}
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    results[names.get(workflowId) ?? workflowId] =
      error === undefined ? null : `${error.name}: ${error.message}`
  return results
}

function workflowIdOf({ name, history }: Recorded): string {
  return history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? name
}

test('every pipeline of the platform, control activity and feature has a recorded history', () => {
  const pipelines = ['bronze_ingest', 'silver_transform', 'gold_analytics']
  expect(names).toEqual(expect.arrayContaining([...pipelines, ...Object.keys(historyCases)]))
})

test('every recorded history replays on the workflows as they are', async () => {
  const results = await replay(names.map((name) => ({ name, history: readHistory(read(name)) })))
  expect(results).toEqual(Object.fromEntries(names.map((name) => [name, null])))
})

test('a doctored history is found out', async () => {
  const doctored = read('work').replaceAll('"BuildTable"', '"LoadWarehouse"')
  const other = read('foreach-sequential').replaceAll(/"activityId": "In\[2\]#0"/g, '"activityId": "In[3]#0"')
  const results = await replay([
    { name: 'type', history: readHistory(doctored) },
    { name: 'id', history: readHistory(other) },
  ])
  expect(results['type']).toContain('DeterminismViolationError')
  expect(results['id']).toContain('DeterminismViolationError')
})

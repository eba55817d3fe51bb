import { setTimeout as sleep } from 'node:timers/promises'
import { CancelledFailure } from '@temporalio/activity'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ActivityContext } from '../activity.ts'
import { isJsonObject, parsed, serviceFailure, shown } from '../web/call.ts'
import { UnsteadyWorkspace, type Workspace } from './workspace.ts'

/** A short job is not kept waiting, a long one is not looked at often. */
const firstPauseMs = 250
const longestPauseMs = 10_000
const cancelTimeoutMs = 10_000

const ended: readonly JsonValue[] = ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR']

/**
 * Waits for a run to end; its output is ADF's: `runPageUrl`, `runOutput`, `runId`. A cancel and the activity's timeout cancel the run
 * too; a worker that goes away leaves it, and the next one follows it.
 */
export async function followRun(
  workspace: Workspace,
  reopen: (signal: AbortSignal) => Promise<Workspace>,
  runId: number,
  { signal }: ActivityContext,
): Promise<JsonObject> {
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
      const run = await steadily(signal, () => workspace.get('jobs/runs/get', { run_id: String(runId) }))
      const state = isJsonObject(run['state']) ? run['state'] : {}
      if (ended.includes(state['life_cycle_state'] ?? null))
        return await outputOf(workspace, runId, run, state)
      await sleep(pauseMs, undefined, { signal })
    }
  } catch (error) {
    if (signal.aborted && !isShutdown(signal.reason)) {
      const own = await reopen(AbortSignal.timeout(cancelTimeoutMs))
      await own.post('jobs/runs/cancel', { run_id: runId })
    }
    throw error
  }
}

/** A look that fails because the workspace is busy says nothing about the run; the activity's timeout bounds how long. */
async function steadily(signal: AbortSignal, look: () => Promise<JsonObject>): Promise<JsonObject> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof UnsteadyWorkspace) || failures >= 10) throw error
      await sleep(Math.min(30_000, 500 * 2 ** failures), undefined, { signal })
    }
  }
}

async function outputOf(
  workspace: Workspace,
  runId: number,
  run: JsonObject,
  state: JsonObject,
): Promise<JsonObject> {
  const page = typeof run['run_page_url'] === 'string' ? run['run_page_url'] : null
  if (state['result_state'] !== 'SUCCESS')
    throw serviceFailure(
      '3204',
      `Databricks execution failed with error state: ${shown(state['result_state'] ?? state['life_cycle_state'])}, error message: ${shown(state['state_message'])}. For more details please check the run page url: ${page ?? `run ${runId}`}`,
    )
  const tasks = run['tasks']
  const task = Array.isArray(tasks) && isJsonObject(tasks[0]) ? tasks[0]['run_id'] : undefined
  const output =
    Array.isArray(tasks) && tasks.length > 1
      ? {}
      : await workspace.get('jobs/runs/get-output', { run_id: shown(task ?? runId) })
  const notebook = isJsonObject(output['notebook_output']) ? output['notebook_output'] : {}
  const result = notebook['result']
  const value = typeof result === 'string' ? ((parsed(result) as JsonValue | undefined) ?? result) : undefined
  return {
    runId,
    ...(page !== null && { runPageUrl: page }),
    ...(value !== undefined && { runOutput: value }),
  }
}

function isShutdown(reason: unknown): boolean {
  return reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN'
}

import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import type { RunStatus } from '../../../adf/run/status.ts'
import type { Settings } from '../../../config/settings.ts'
import { defineCommand } from '../command.ts'
import { linkToRun, withClient } from '../connect.ts'
import { exitCodes } from '../exit-codes.ts'
import { findRun, NoAnswerError, type FoundRun } from '../find-run.ts'
import { connectionOptions, jsonOption } from '../options.ts'
import { recordedStatus } from '../recorded-runs.ts'
import { livingPollers } from '../pollers.ts'
import { readProgress, readStatus } from '../read-status.ts'
import { statusTree } from '../status-tree.ts'
import type { Terminal } from '../terminal.ts'
import { statusWithoutWorker, waitsOf } from '../waits.ts'

export const status = defineCommand({
  description:
    'Prints the tree of activity runs with their times, progress and errors, and (→) what a run waits for when it does not go on: a worker, the next attempt, a timer, ' +
    '`headrace resume`. A worker answers; without one, what the server and the warehouse know is shown.',
  positionals: [{ name: 'run', help: 'Workflow id, such as bronze_ingest/20261121T090000Z, or run id' }],
  options: { ...connectionOptions, ...jsonOption },
  examples: [
    { command: 'headrace status bronze_ingest/20261121T090000Z', does: 'the newest run of that workflow id' },
    {
      command: 'headrace status 0196f0a2-5a0e-7c7e-b1f4-0c8de0d1b2aa --json',
      does: 'a run by its id, for a program',
    },
  ],
  run: ({ positionals: [name = ''], settings, values, terminal }) =>
    withClient(settings, async (client, place) => {
      const found = await findRun(client, name)
      const handle = client.workflow.getHandle(found.workflowId, found.runId)
      const description = await handle.describe()
      const [tree, progress] = await Promise.all([
        readAnswer(client, description).then(
          (answer) => answer ?? readElsewhere(settings, terminal, found, description),
        ),
        readProgress(client, found.workflowId, found.runId),
      ])
      const waits = await waitsOf(client, description, tree, new Date())
      if (values.json) terminal.json({ ...tree, progress: Object.fromEntries(progress), waits })
      else {
        for (const line of statusTree(tree, progress, new Date())) terminal.print(line)
        for (const line of waits) terminal.print(`  → ${line}`)
        const link = linkToRun(place, found.workflowId, found.runId)
        if (link !== null) terminal.print(link)
      }
      return exitCodes.ok
    }),
})

/** Null: no worker answers. Where none polls, nobody waits for an answer. */
async function readAnswer(
  client: Client,
  { workflowId, runId, taskQueue }: WorkflowExecutionDescription,
): Promise<RunStatus | null> {
  const { workflows } = await livingPollers(client, taskQueue)
  if (workflows.length === 0) return null
  return readStatus(client, workflowId, runId).catch(() => null)
}

/** What the warehouse has recorded, and for a run under way what the server says of it. */
async function readElsewhere(
  settings: Settings,
  terminal: Terminal,
  found: FoundRun,
  description: WorkflowExecutionDescription,
): Promise<RunStatus> {
  const recorded = await recordedStatus(settings, found.runId)
  const fix = 'start one with: headrace up'
  if (description.status.name === 'RUNNING') {
    terminal.note(`No worker answers; this is what the server and the warehouse know; ${fix}`)
    return statusWithoutWorker(found, description, recorded)
  }
  if (recorded === null) throw new NoAnswerError(`No worker answers for ${found.workflowId}; ${fix}`)
  terminal.note(`No worker answers; this is what the warehouse has recorded; ${fix}`)
  return recorded
}

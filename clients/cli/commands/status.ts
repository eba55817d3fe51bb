import { defineCommand } from '../command.ts'
import { linkToRun, withClient } from '../connect.ts'
import { exitCodes } from '../exit-codes.ts'
import { findRun, NoAnswerError } from '../find-run.ts'
import { connectionOptions, jsonOption } from '../options.ts'
import { recordedStatus } from '../recorded-runs.ts'
import { readProgress, readStatus } from '../read-status.ts'
import { statusTree } from '../status-tree.ts'

export const status = defineCommand({
  description:
    'Prints the tree of activity runs with their times, progress and errors. A worker answers; without one, what the warehouse has recorded is shown.',
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
      const [tree, progress] = await Promise.all([
        readStatus(client, found.workflowId, found.runId).catch(async (error: unknown) => {
          const recorded = await recordedStatus(settings, found.runId)
          if (recorded === null)
            throw new NoAnswerError(
              `No worker answers for ${found.workflowId}; start one with: headrace up`,
              { cause: error },
            )
          terminal.note(
            'No worker answers; this is what the warehouse has recorded. Start one with: headrace up',
          )
          return recorded
        }),
        readProgress(client, found.workflowId, found.runId),
      ])
      if (values.json) terminal.json({ ...tree, progress: Object.fromEntries(progress) })
      else {
        for (const line of statusTree(tree, progress, new Date())) terminal.print(line)
        const link = linkToRun(place, found.workflowId, found.runId)
        if (link !== null) terminal.print(link)
      }
      return exitCodes.ok
    }),
})

import { defineCommand, type Command } from './command.ts'
import { withClient } from './connect.ts'
import { exitCodes } from './exit-codes.ts'
import { connectionOptions, jsonOption } from './options.ts'
import { findRun, isNotFound, RunEndedError } from './find-run.ts'

/** A command that sends one signal to a run under way. */
export function signalCommand(definition: {
  readonly name: string
  readonly signal: string
  readonly description: string
  /** What is said after the workflow id. */
  readonly done: string
}): Command {
  return defineCommand({
    description: definition.description,
    positionals: [{ name: 'run', help: 'Workflow id, such as bronze_ingest/20261121T090000Z, or run id' }],
    options: { ...connectionOptions, ...jsonOption },
    examples: [
      {
        command: `headrace ${definition.name} bronze_ingest/20261121T090000Z`,
        does: `${definition.name} that run`,
      },
    ],
    run: ({ positionals: [name = ''], settings, values, terminal }) =>
      withClient(settings, async (client) => {
        const found = await findRun(client, name)
        try {
          await client.workflow.getHandle(found.workflowId, found.runId).signal(definition.signal)
        } catch (error) {
          if (!isNotFound(error)) throw error
          throw new RunEndedError(
            `${found.workflowId} has ended already (${found.status}); there is nothing to ${definition.name}`,
            {
              cause: error,
            },
          )
        }
        if (values.json)
          terminal.json({ workflowId: found.workflowId, runId: found.runId, signal: definition.signal })
        else terminal.print(`${found.workflowId} ${definition.done}`)
        return exitCodes.ok
      }),
  })
}

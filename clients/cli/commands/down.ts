import { stopStack } from '../../dev/stack.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'

export const down = defineCommand({
  description:
    'Runs under way are kept in Temporal: they go on at the next `headrace up`. Nothing to stop is no error.',
  positionals: [],
  options: jsonOption,
  examples: [{ command: 'headrace down', does: 'stop the worker and Temporal of .headrace' }],
  async run({ values, settings, terminal }) {
    const stopped = await stopStack(settings.home, terminal.note)
    const what = [
      ...(stopped.worker === null ? [] : ['worker']),
      ...(stopped.temporal === null ? [] : ['Temporal']),
    ]
    if (values.json) terminal.json({ stopped: what })
    else if (what.length === 0) terminal.print(`Nothing runs for ${settings.home.root}.`)
    else terminal.print(`Stopped: ${what.join(' and ')}.`)
    return exitCodes.ok
  },
})

import { defineCommand } from '../command.ts'
import type { Check } from '../doctor/check.ts'
import { exitCodes } from '../exit-codes.ts'
import { connectionOptions, jsonOption } from '../options.ts'

export const doctor = defineCommand({
  description:
    'Looks at Node, the lake (creates and removes one object under _tmp), the inbox, the warehouse, free disk space, Temporal with its search attributes, ' +
    'the workers of the task queue, and the clock against that of Temporal. One line each, with what to do where something is wrong. Changes nothing.',
  positionals: [],
  options: { ...connectionOptions, ...jsonOption },
  examples: [
    { command: 'headrace doctor', does: 'the installation in .headrace' },
    {
      command: 'headrace doctor --json',
      does: '[{name, outcome: ok | warn | fail, message, fix}] for monitoring',
    },
  ],
  exits: { 1: 'something fails', 3: 'Temporal is not reachable' },
  async run({ values, settings, terminal }) {
    const [local, remote] = await Promise.all([
      import('../doctor/local-checks.ts'),
      import('../doctor/temporal-checks.ts'),
    ])
    const [lake, warehouse, temporal] = await Promise.all([
      local.checkLake(settings),
      local.checkWarehouse(settings),
      remote.checkTemporal(settings),
    ])
    const checks = [
      local.checkNode(process.versions.node),
      lake,
      ...local.checkInbox(settings),
      warehouse,
      local.checkDisk(settings),
      ...temporal.checks,
    ]
    if (values.json) terminal.json(checks)
    else for (const line of checks.map(lineOf)) terminal.print(line)
    if (!temporal.reachable) return exitCodes.notReachable
    return checks.some((check) => check.outcome === 'fail') ? exitCodes.failed : exitCodes.ok
  },
})

function lineOf({ name, outcome, message, fix }: Check): string {
  return `${outcome.padEnd(4)}  ${name.padEnd(17)}  ${message}${fix === null ? '' : `; fix: ${fix}`}`
}

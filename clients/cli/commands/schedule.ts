import { defineCommand } from '../command.ts'
import { withClient } from '../connect.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { connectionOptions, factoryOptions, jsonOption } from '../options.ts'
import { timeText } from '../quantity.ts'
import { textTable } from '../text-table.ts'
import { factoryFolder, openLake } from '../../start/open-lake.ts'

const actions = ['apply', 'list', 'pause', 'resume'] as const

export const schedule = defineCommand({
  description:
    "`apply` makes Temporal's schedules those of the factory's ScheduleTriggers: creates, updates, removes what vanished. Each holds the plan as it " +
    'is now: apply again after editing. A Stopped trigger gets a paused schedule; what you pause or resume stays so until its runtimeState changes. ' +
    'Times that went by while nothing ran are made up when they are less than a day old.',
  positionals: [
    { name: 'action', help: actions.join(', ') },
    { name: 'trigger', help: 'For pause and resume: name of the trigger', optional: true },
  ],
  options: { ...factoryOptions, ...connectionOptions, ...jsonOption },
  examples: [
    { command: 'headrace schedule apply', does: 'after every change of a trigger or its pipelines' },
    { command: 'headrace schedule list', does: 'what runs when' },
    { command: 'headrace schedule resume daily', does: 'let the trigger daily start runs' },
    { command: 'headrace schedule pause daily', does: 'until it is resumed' },
  ],
  async run({ positionals: [name = '', trigger], values, settings, terminal }) {
    const action = actions.find((one) => one === name)
    if (action === undefined)
      throw new UsageError(`The action is ${JSON.stringify(name)}; allowed: ${actions.join(', ')}`)
    const needsTrigger = action === 'pause' || action === 'resume'
    if (needsTrigger && trigger === undefined)
      throw new UsageError(
        `Which trigger? headrace schedule ${action} <trigger>; see: headrace schedule list`,
      )
    if (!needsTrigger && trigger !== undefined)
      throw new UsageError(`headrace schedule ${action} takes no trigger: it is about all of the factory`)
    const [{ readFactory }, { factoryName, schedulePrefix, wantedSchedules }] = await Promise.all([
      import('../../factory/read-factory.ts'),
      import('../../schedules/planned-schedules.ts'),
    ])
    const factory = await readFactory(factoryFolder(settings))
    const prefix = schedulePrefix(factoryName(factory), settings.environment)
    if (action === 'apply') {
      const wanted = await wantedSchedules(factory, settings.environment, await openLake(settings))
      return withClient(settings, async (client) => {
        const { applySchedules } = await import('../../schedules/apply-schedules.ts')
        const applied = await applySchedules(client, settings.taskQueue, prefix, wanted)
        if (values.json) terminal.json(applied)
        else if (applied.length === 0) terminal.print('The factory has no ScheduleTrigger.')
        else
          for (const { id, change, paused } of applied)
            terminal.print(`${id}  ${change}${paused ? ' (paused)' : ''}`)
        return exitCodes.ok
      })
    }
    return withClient(settings, async (client) => {
      const { listSchedules, setPaused } = await import('../../schedules/manage-schedules.ts')
      if (trigger !== undefined) {
        const ids = await setPaused(client, prefix, trigger, action === 'pause')
        if (values.json) terminal.json(ids.map((id) => ({ id, paused: action === 'pause' })))
        else for (const id of ids) terminal.print(`${id}  ${action}d`)
        return exitCodes.ok
      }
      const found = await listSchedules(client, prefix)
      if (values.json) terminal.json(found)
      else if (found.length === 0) terminal.print('No schedules. Write them with: headrace schedule apply')
      else
        for (const line of textTable(
          [
            { title: 'trigger' },
            { title: 'pipeline' },
            { title: 'state' },
            { title: 'next (UTC)' },
            { title: 'last run' },
            { title: 'missed', alignRight: true },
          ],
          found.map((one) => [
            one.trigger,
            one.pipeline,
            one.paused ? 'paused' : 'active',
            one.next === null ? '' : timeText(new Date(one.next)),
            one.last?.workflowId ?? '',
            String(one.missed),
          ]),
        ))
          terminal.print(line)
      return exitCodes.ok
    })
  },
})

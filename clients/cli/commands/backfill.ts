import type { JsonObject } from '../../../adf/json.ts'
import type { PlannedPipeline } from '../../../adf/plan/plan.ts'
import { defineCommand } from '../command.ts'
import { withClient } from '../connect.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { connectionOptions, factoryOptions, jsonOption } from '../options.ts'
import { prepareRun } from '../prepare-run.ts'
import { durationText } from '../quantity.ts'
import { timeOf, windowsOf, type Window } from '../../backfill/windows.ts'
import { givenParameters } from '../../start/given-parameters.ts'

export const backfill = defineCommand({
  description:
    'One run a window, oldest first; its batch is the start of the window, as in bronze_ingest/2026-11-01. Parameters named batch, windowStart and ' +
    'windowEnd are filled in; others may read @trigger().outputs.windowStartTime and windowEndTime. Windows that have succeeded are ' +
    'left out, so the same command goes on after Ctrl-C, a kill or a failed window.',
  positionals: [{ name: 'pipeline', help: 'Name of a pipeline of the factory' }],
  options: {
    from: {
      type: 'string',
      value: 'time',
      help: 'Start of the first window, UTC: 2026-11-01 or 2026-11-01T06:00:00Z',
    },
    to: { type: 'string', value: 'time', help: 'End of the last window, exclusive' },
    window: { type: 'string', value: 'length', help: 'Length of a window: 30m, 6h, 1d, 1w (default 1d)' },
    concurrency: { type: 'string', value: 'count', help: 'Most runs at once (default 1)' },
    param: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      help: 'A parameter of the pipeline, the same for each window; text may hold an expression over @trigger()',
    },
    again: { type: 'boolean', help: 'Run windows that have succeeded, too' },
    'no-chain': { type: 'boolean', help: 'Start nothing after the runs' },
    ...factoryOptions,
    ...connectionOptions,
    ...jsonOption,
  },
  examples: [
    {
      command: 'headrace backfill silver_transform --from 2026-11-01 --to 2026-11-21 --concurrency 2',
      does: 'twenty days, two at a time',
    },
    {
      command:
        'headrace backfill load --from 2026-11-20 --to 2026-11-21 --window 6h --param "folder=@concat(\'drop/\', trigger().outputs.windowStartTime)"',
      does: 'four windows, each with its folder',
    },
  ],
  exits: { 130: 'Ctrl-C: nothing more is started, what runs goes on' },
  async run({ positionals: [name = ''], values, settings, terminal, signal }) {
    if (values.from === undefined || values.to === undefined)
      throw new UsageError('A backfill needs its range: --from 2026-11-01 --to 2026-11-21')
    const concurrency = Number(values.concurrency ?? 1)
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 100)
      throw new UsageError(
        `--concurrency is ${JSON.stringify(values.concurrency)}; allowed: a whole number from 1 to 100`,
      )
    if (values.param.some((text) => text.startsWith('batch=')))
      throw new UsageError('--param batch is not for a backfill: each window has its own batch, its start')
    const windows = windowsOf(values.from, values.to, values.window ?? '1d')
    const prepared = await prepareRun(settings, name)
    for (const warning of prepared.warnings) terminal.note(warning)
    const pipeline = prepared.plan.pipelines[prepared.plan.pipeline]
    if (pipeline === undefined) throw new Error(`The plan has no pipeline ${prepared.plan.pipeline}`)
    const parameters = (window: Window) => windowParameters(pipeline, values.param, window)
    // Wrong parameters are found before anything starts.
    for (const first of windows.slice(0, 1)) parameters(first)
    return withClient(settings, async (client) => {
      const [{ runWindows }, { doneBatches }, { openSqliteWarehouse }] = await Promise.all([
        import('../../backfill/run-windows.ts'),
        import('../../backfill/done-batches.ts'),
        import('../../../warehouse/sqlite/sqlite-warehouse.ts'),
      ])
      const plan = await prepared.store()
      const warehouse = await openSqliteWarehouse(settings.home.warehouse)
      let isDone: (batch: string) => Promise<boolean>
      try {
        isDone = await doneBatches(client, warehouse, plan)
      } finally {
        await warehouse.close()
      }
      let ended = 0
      const outcomes = await runWindows(windows, {
        client,
        plan,
        parameters,
        taskQueue: settings.taskQueue,
        chain: !values['no-chain'],
        concurrency,
        isDone: (window) => (values.again ? Promise.resolve(false) : isDone(window.batch)),
        onEnd: ({ workflowId, status, durationMs, message }) => {
          ended += 1
          const took = status === 'Skipped' ? 'has succeeded before' : durationText(durationMs)
          terminal.note(
            `${ended}/${windows.length}  ${workflowId}  ${status}  ${took}${message === null ? '' : `  ${message}`}`,
          )
        },
        signal,
      })
      const count = (status: string) => outcomes.filter((one) => one.status === status).length
      const summary = {
        pipeline: plan.pipeline,
        windows: windows.length,
        succeeded: count('Succeeded'),
        skipped: count('Skipped'),
        failed: count('Failed') + count('Cancelled'),
        left: windows.length - outcomes.length,
      }
      if (values.json)
        terminal.json({
          ...summary,
          runs: outcomes.map(({ window, ...rest }) => ({
            windowStart: timeOf(window.start),
            windowEnd: timeOf(window.end),
            ...rest,
          })),
        })
      else
        terminal.print(
          `${summary.windows} ${summary.windows === 1 ? 'window' : 'windows'}: ${summary.succeeded} succeeded, ${summary.skipped} had succeeded before, ${summary.failed} failed, ${summary.left} left`,
        )
      if (summary.left > 0 || summary.failed > 0)
        terminal.note('The same command goes on with what is left or failed.')
      if (signal.aborted) return exitCodes.interrupted
      return summary.failed === 0 ? exitCodes.ok : exitCodes.failed
    })
  },
})

/** Values for the parameters that the pipeline declares, with those of the window. */
function windowParameters(pipeline: PlannedPipeline, given: readonly string[], window: Window): JsonObject {
  const own = { windowStart: timeOf(window.start), windowEnd: timeOf(window.end) }
  const filled = Object.entries(own)
    .filter(([name]) => pipeline.parameters[name] !== undefined)
    .map(([name, value]) => `${name}=${value}`)
  return givenParameters(pipeline, [...filled, ...given], window.batch)
}

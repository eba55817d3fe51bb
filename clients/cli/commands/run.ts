import type { Plan } from '../../../adf/plan/plan.ts'
import type { Settings } from '../../../config/settings.ts'
import { defineCommand } from '../command.ts'
import { linkToRun, withClient } from '../connect.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { endedLine, followRuns } from '../follow.ts'
import { connectionOptions, factoryOptions, jsonOption } from '../options.ts'
import { prepareRun } from '../prepare-run.ts'
import { batchNow, batchPattern } from '../../start/batch-name.ts'
import { givenParameters } from '../../start/given-parameters.ts'

export const run = defineCommand({
  description:
    'Checks the factory, freezes the plan into the run and starts it as <pipeline>/<batch>. Follows it to its end, and the ' +
    'pipelines that its success starts. Ctrl-C ends the following, not the run. Nothing starts when a definition has an error.',
  positionals: [{ name: 'pipeline', help: 'Name of a pipeline of the factory, such as bronze_ingest' }],
  options: {
    batch: { type: 'string', value: 'name', help: 'Batch of the run (default: the time, 20261121T093000Z)' },
    param: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      help: "A parameter of the pipeline, in its parameter's type",
    },
    'no-chain': { type: 'boolean', help: 'Start nothing after it' },
    trace: {
      type: 'boolean',
      help: 'When it has ended, write every expression with its values to _traces/{run id}.jsonl in the home',
    },
    detach: { type: 'boolean', short: 'd', help: 'Return as soon as the run is started' },
    ...factoryOptions,
    ...connectionOptions,
    ...jsonOption,
  },
  examples: [
    { command: 'headrace run bronze_ingest', does: 'the inbox into bronze; silver and gold follow' },
    {
      command: 'headrace run silver_transform --batch 20261121T093000Z --no-chain',
      does: 'one layer of one batch',
    },
    { command: 'headrace run hello --factory ./my-factory --param name=you', does: 'a pipeline of your own' },
  ],
  exits: { 130: 'Ctrl-C: the following ended, the run goes on' },
  async run({ positionals: [pipeline = ''], values, settings, terminal, signal }) {
    const batch = values.batch ?? batchNow()
    if (!batchPattern.test(batch))
      throw new UsageError(
        `--batch is ${JSON.stringify(batch)}; allowed: letters, digits, _ . and -, at most 100, beginning with a letter or digit`,
      )
    if (values.trace && values.detach)
      throw new UsageError(
        '--trace is written when the run has ended, --detach does not wait for that; later: headrace explain --run <run> --trace',
      )
    const prepared = await prepareRun(settings, pipeline)
    for (const warning of prepared.warnings) terminal.note(warning)
    const parameters = givenParameters(planned(prepared.plan), values.param, batch)
    return withClient(settings, async (client, place) => {
      const { manualTrigger, startRun } = await import('../../start/start-run.ts')
      const plan = await prepared.store()
      const started = await startRun(client, {
        plan,
        parameters,
        batch: typeof parameters['batch'] === 'string' ? parameters['batch'] : batch,
        trigger: manualTrigger,
        taskQueue: settings.taskQueue,
        chain: !values['no-chain'],
      })
      const link = linkToRun(place, started.workflowId, started.runId)
      terminal.note(`${started.workflowId}  started${link === null ? '' : `  ${link}`}`)
      if (values.detach) {
        if (values.json) terminal.json({ ...started, link })
        else terminal.print(started.workflowId)
        return exitCodes.ok
      }
      const ended = await followRuns(started, {
        client,
        place,
        terminal,
        signal,
        chain: values['no-chain'] ? [] : plan.chain,
        onEnd: (one) => {
          if (!values.json) terminal.print(endedLine(one))
        },
      })
      if (ended === null) {
        terminal.note(leftAlone(started.workflowId, settings))
        return exitCodes.interrupted
      }
      if (values.trace) {
        const { writeTrace } = await import('../../explain/write-trace.ts')
        for (const one of ended) terminal.note(`Trace: ${await writeTrace(client, settings, one.runId)}`)
      }
      if (values.json) terminal.json(ended)
      return ended.every((one) => one.status === 'Succeeded') ? exitCodes.ok : exitCodes.failed
    })
  },
})

function planned(plan: Plan) {
  const pipeline = plan.pipelines[plan.pipeline]
  if (pipeline === undefined) throw new Error(`The plan has no pipeline ${plan.pipeline}`)
  return pipeline
}

function leftAlone(workflowId: string, settings: Settings): string {
  const home = settings.home.root.endsWith('/.headrace') ? '' : ` --home ${settings.home.root}`
  return `The run goes on. See it: headrace status ${workflowId}${home}   Cancel it: headrace cancel ${workflowId}${home}`
}

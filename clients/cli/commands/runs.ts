import { defineCommand } from '../command.ts'
import { withClient } from '../connect.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { foundRun, type FoundRun } from '../find-run.ts'
import { connectionOptions, jsonOption } from '../options.ts'
import { recordedRuns } from '../recorded-runs.ts'
import type { Terminal } from '../terminal.ts'
import { durationText, timeText } from '../quantity.ts'
import { textTable } from '../text-table.ts'

const states = ['InProgress', 'Succeeded', 'Failed', 'Cancelled'] as const

export const runs = defineCommand({
  description:
    'Newest first. Temporal keeps what has ended for its retention time; the warehouse keeps `pipeline_runs` as long as it is kept.',
  positionals: [],
  options: {
    pipeline: { type: 'string', value: 'name', help: 'Only runs of this pipeline' },
    batch: { type: 'string', value: 'name', help: 'Only runs of this batch' },
    status: { type: 'string', value: 'status', help: `Only ${states.join(', ')}` },
    recorded: { type: 'boolean', help: 'Only what the warehouse has recorded; needs no Temporal' },
    limit: { type: 'string', value: 'count', help: 'At most this many (default 20)' },
    ...connectionOptions,
    ...jsonOption,
  },
  examples: [
    { command: 'headrace runs', does: 'the newest twenty' },
    { command: 'headrace runs --pipeline bronze_ingest --status Failed', does: 'what failed in bronze' },
    { command: 'headrace runs --json --limit 1', does: 'the newest, for a program' },
  ],
  async run({ values, settings, terminal }) {
    const limit = Number(values.limit ?? 20)
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError(`--limit is ${JSON.stringify(values.limit)}; allowed: a whole number from 1`)
    if (values.status !== undefined && !states.some((state) => state === values.status))
      throw new UsageError(`--status is ${JSON.stringify(values.status)}; allowed: ${states.join(', ')}`)
    const filter = { pipeline: values.pipeline, batch: values.batch, status: values.status }
    const query = [equals('pipeline', values.pipeline), equals('batch', values.batch), `pipeline IS NOT NULL`]
      .filter((part) => part !== '')
      .join(' AND ')
    if (values.recorded) {
      show(await recordedRuns(settings, limit, filter), values.json, terminal)
      return exitCodes.ok
    }
    return withClient(settings, async (client) => {
      const found: FoundRun[] = []
      for await (const info of client.workflow.list({ query })) {
        const one = foundRun(info)
        if (values.status === undefined || one.status === values.status) found.push(one)
        if (found.length === limit) break
      }
      const known = new Set(found.map((one) => one.runId))
      const forgotten = (await recordedRuns(settings, limit, filter)).filter((one) => !known.has(one.runId))
      const all = [...found, ...forgotten].sort((a, b) => b.start.getTime() - a.start.getTime())
      show(all.slice(0, limit), values.json, terminal)
      return exitCodes.ok
    })
  },
})

function equals(attribute: string, value: string | undefined): string {
  return value === undefined ? '' : `${attribute} = '${value.replaceAll("'", "''")}'`
}

function show(found: readonly FoundRun[], asJson: boolean, terminal: Terminal): void {
  if (asJson) terminal.json(found)
  else if (found.length === 0) terminal.print('No runs. Start one with: headrace run bronze_ingest')
  else for (const line of listing(found)) terminal.print(line)
}

export function listing(found: readonly FoundRun[], now = new Date()): string[] {
  return textTable(
    [
      { title: 'pipeline' },
      { title: 'status' },
      { title: 'start (UTC)' },
      { title: 'took', alignRight: true },
      { title: 'trigger' },
      { title: 'workflow id' },
    ],
    found.map((one) => [
      one.pipeline,
      one.status,
      timeText(one.start),
      durationText((one.end ?? now).getTime() - one.start.getTime()),
      one.trigger,
      one.workflowId,
    ]),
  )
}

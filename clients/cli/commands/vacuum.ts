import { parseDuration } from '../../../adf/resource/duration.ts'
import { tableFolder } from '../../../tables/contract.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'
import { bytesText, countText } from '../quantity.ts'
import { withTableSource } from '../table-source.ts'
import { textTable } from '../text-table.ts'

/** Delta's own rule: nobody works on a version, or on files not yet committed, for longer than this. */
const safeMs = 7 * 24 * 3600 * 1000

export const vacuum = defineCommand({
  description:
    'Deletes files of tables that no version within the window needs: those that builds have replaced, and those that killed builds ' +
    'left behind. Versions before the window can no longer be read then. May be interrupted and repeated, and runs beside ' +
    'workers. Needs neither Temporal nor a worker.',
  positionals: [{ name: 'table', help: 'One table (default: all)', optional: true }],
  options: {
    'older-than': {
      type: 'string',
      value: 'time',
      help: 'Window that stays readable: 7d, 30d, 2w (default 7d)',
    },
    'dry-run': { type: 'boolean', help: 'Only say what would go' },
    force: {
      type: 'boolean',
      help: 'Allow a window below 7 days. Nothing may read or write the tables meanwhile',
    },
    ...jsonOption,
  },
  examples: [
    { command: 'headrace vacuum --dry-run', does: 'what would go from which table' },
    { command: 'headrace vacuum --older-than 30d', does: 'keep a month of versions' },
    { command: 'headrace vacuum gold.qc_reporting', does: 'one table' },
  ],
  exits: { 130: 'Ctrl-C: what is deleted is gone, the rest is left' },
  async run({ positionals: [name], values, settings, terminal, signal }) {
    const windowMs = windowOf(values['older-than'] ?? '7d', values.force)
    const dryRun = values['dry-run']
    const [{ listTables }, { DeltaLog }, tables] = await Promise.all([
      import('../../../tables/read.ts'),
      import('../../../tables/delta/log.ts'),
      import('../../../tables/delta/vacuum.ts'),
    ])
    return withTableSource(settings, async ({ lake, duckdb }) => {
      const names = await listTables(lake)
      if (name !== undefined && !names.includes(name))
        throw new Error(
          `There is no table ${JSON.stringify(name)}; tables are: ${names.join(', ') || 'none yet'}`,
        )
      const now = Date.now()
      const done = []
      for (const table of name === undefined ? names : [name]) {
        if (signal.aborted) break
        terminal.live([`${done.length} of ${names.length} tables, now ${table}`])
        const log = new DeltaLog(lake, duckdb, tableFolder(table))
        done.push({ table, ...(await tables.vacuum(log, { windowMs, now, dryRun })) })
      }
      terminal.live([])
      const files = done.reduce((sum, one) => sum + one.files, 0)
      const bytes = done.reduce((sum, one) => sum + one.bytes, 0)
      if (values.json) terminal.json({ dryRun, windowMs, files, bytes, tables: done })
      else {
        for (const line of overview(done.filter((one) => one.files > 0))) terminal.print(line)
        const what = `${countText(files)} ${files === 1 ? 'file' : 'files'} (${bytesText(bytes)})`
        terminal.print(`${what} ${dryRun ? 'would be deleted' : 'deleted'}.`)
      }
      return signal.aborted ? exitCodes.interrupted : exitCodes.ok
    })
  },
})

function windowOf(text: string, force: boolean): number {
  const window = parseDuration(text)
  if (window === null)
    throw new UsageError(
      `--older-than is ${JSON.stringify(text)}; allowed: a length of time such as 7d or 36h`,
    )
  if (window < safeMs && !force)
    throw new UsageError(
      `--older-than is ${JSON.stringify(text)}; below 7d it may take files from builds and readers that are under way: ` +
        'make sure that there are none, and add --force',
    )
  return window
}

interface Vacuumed {
  readonly table: string
  readonly files: number
  readonly bytes: number
}

function overview(found: readonly Vacuumed[]): string[] {
  if (found.length === 0) return []
  return textTable(
    [{ title: 'table' }, { title: 'files', alignRight: true }, { title: 'size', alignRight: true }],
    found.map(({ table, files, bytes }) => [table, countText(files), bytesText(bytes)]),
  )
}

import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'
import { bytesText, countText, timeText } from '../quantity.ts'
import { withTableSource } from '../table-source.ts'
import { textTable } from '../text-table.ts'

export const tables = defineCommand({
  description: 'Delta tables of the lake as they are now. Needs neither Temporal nor a worker.',
  positionals: [{ name: 'table', help: 'One table, with its columns', optional: true }],
  options: jsonOption,
  examples: [
    { command: 'headrace tables', does: 'all of them' },
    { command: 'headrace tables silver.dim_calibration', does: 'the columns of one' },
  ],
  async run({ positionals: [name], values, settings, terminal }) {
    const { describeTable, listTables } = await import('../../../tables/read.ts')
    return withTableSource(settings, async (source) => {
      const names = await listTables(source.lake)
      const wanted = name === undefined ? names : names.filter((one) => one === name)
      const found = []
      for (const one of wanted) {
        const description = await describeTable(source, one)
        if (description !== null) found.push(description)
      }
      if (name !== undefined && found.length === 0)
        throw new Error(
          `There is no table ${JSON.stringify(name)}; tables are: ${names.join(', ') || 'none yet'}`,
        )
      if (values.json) {
        terminal.json(name === undefined ? found : found[0])
        return exitCodes.ok
      }
      if (found.length === 0) terminal.print('No tables yet. Fill them with: headrace run bronze_ingest')
      else for (const line of overview(found)) terminal.print(line)
      if (name !== undefined)
        for (const column of found[0]?.columns ?? [])
          terminal.print(`  ${column.name.padEnd(28)}${column.type}`)
      return exitCodes.ok
    })
  },
})

interface Described {
  readonly table: string
  readonly version: number
  readonly rows: number | null
  readonly files: number
  readonly bytes: number
  readonly modified: Date | null
}

export function overview(found: readonly Described[]): string[] {
  return textTable(
    [
      { title: 'table' },
      { title: 'rows', alignRight: true },
      { title: 'files', alignRight: true },
      { title: 'size', alignRight: true },
      { title: 'version', alignRight: true },
      { title: 'changed (UTC)' },
    ],
    found.map((one) => [
      one.table,
      one.rows === null ? '?' : countText(one.rows),
      countText(one.files),
      bytesText(one.bytes),
      String(one.version),
      timeText(one.modified),
    ]),
  )
}

import { defineCommand } from '../command.ts'
import { csvLine } from '../csv.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { resultTable } from '../query-text.ts'
import { withTableSource } from '../table-source.ts'

export const query = defineCommand({
  description:
    'One SELECT in the SQL of DuckDB over bronze.x, silver.x and gold.x, each at its newest version when the query begins. ' +
    'Needs neither Temporal nor a worker, and disturbs no run.',
  positionals: [{ name: 'sql', help: 'The SELECT, in quotes' }],
  options: {
    csv: { type: 'boolean', help: 'Print CSV: all rows, with a header' },
    json: { type: 'boolean', help: 'Print JSON: all rows as objects' },
    limit: { type: 'string', value: 'count', help: 'Rows of the table on screen (default 50)' },
    at: { type: 'string', multiple: true, value: 'table=version', help: 'Read an older version of a table' },
  },
  examples: [
    { command: 'headrace query "SELECT * FROM gold.qc_reporting"', does: 'a table on screen' },
    {
      command: 'headrace query "SELECT count(*) FROM silver.fact_measurements" --json',
      does: 'a number for a program',
    },
    { command: 'headrace query "FROM silver.dim_device" --csv > devices.csv', does: 'all rows into a file' },
    {
      command: 'headrace query "FROM silver.dim_device" --at silver.dim_device=0',
      does: 'as it was at first',
    },
  ],
  async run({ positionals: [sql = ''], values, settings, terminal, signal }) {
    if (values.csv && values.json)
      throw new UsageError('--csv and --json exclude each other; give one of them')
    const limit = Number(values.limit ?? 50)
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError(`--limit is ${JSON.stringify(values.limit)}; allowed: a whole number from 1`)
    const versions = Object.fromEntries(values.at.map(versionOf))
    const { queryTables } = await import('../../../tables/read.ts')
    await withTableSource(settings, (source) =>
      queryTables(source, { sql, versions, signal }, async (result) => {
        const names = result.columns.map((column) => column.name)
        if (values.csv) {
          terminal.print(csvLine(names))
          for await (const rows of result.rows) for (const row of rows) terminal.print(csvLine(row))
        } else if (values.json) {
          let count = 0
          for await (const rows of result.rows) {
            for (const row of rows) {
              const object = Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))
              terminal.print(`${count === 0 ? '[' : ','}${JSON.stringify(object)}`)
              count += 1
            }
          }
          terminal.print(count === 0 ? '[]' : ']')
        } else {
          const { lines, rows, more } = await resultTable(result, limit, {
            width: terminal.columns,
            dropColumns: false,
          })
          for (const line of lines) terminal.print(line)
          terminal.note(
            more
              ? `The first ${rows} rows; --limit shows more, --csv all.`
              : `${rows} row${rows === 1 ? '' : 's'}`,
          )
        }
      }),
    )
    return exitCodes.ok
  },
})

function versionOf(text: string): readonly [string, number] {
  const found = /^((?:bronze|silver|gold)\.[a-z_][a-z0-9_]*)=(\d+)$/.exec(text)
  if (found === null)
    throw new UsageError(
      `--at is ${JSON.stringify(text)}; allowed: table=version, such as silver.dim_device=0`,
    )
  return [found[1] ?? '', Number(found[2])]
}

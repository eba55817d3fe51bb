import type { ActivityInvocation } from '../../adf/run/run.ts'
import { appendRows, type AppendedRows } from '../../tables/rows/append-rows.ts'
import type { Row } from '../../tables/rows/values.ts'
import type { Dependencies } from '../activity.ts'
import { readPlannedTable } from '../planned-table.ts'

/**
 * Adds rows to a bronze table, once a transaction: the table's contract is the one of the run's plan. Takes no signal: rows that were
 * claimed for a batch are not left behind half-way because somebody cancels it.
 */
export async function appendBatchRows(input: {
  readonly invocation: ActivityInvocation
  readonly dependencies: Dependencies
  readonly table: string
  readonly transaction: string
  readonly rows: AsyncIterable<Row> | Iterable<Row>
}): Promise<AppendedRows> {
  const { lake, duckdb } = input.dependencies
  return appendRows({
    lake,
    duckdb,
    contract: await readPlannedTable(lake, input.invocation.resources, input.table),
    rows: input.rows,
    transaction: input.transaction,
  })
}

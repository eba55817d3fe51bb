import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableContract } from '../contract.ts'
import { nameList } from '../duckdb/sql.ts'
import { DataError } from '../errors.ts'
import { type Parameters, bindParameters } from './parameters.ts'
import { parseSelect } from './parse.ts'

export interface Scope {
  readonly inputs: readonly string[]
  /** SELECT of the replaceBy values that a batch replaces. */
  select(parameters: Parameters): string
}

/** What a merge replaces as a whole: the contract's `scope`, else the replaceBy values that its rows have. */
export async function scopeOf(
  connection: DuckDBConnection,
  { materialization }: TableContract,
  contractFile: string,
): Promise<Scope> {
  if (materialization.type !== 'merge' || materialization.replaceBy === undefined) {
    return { inputs: [], select: () => 'SELECT NULL WHERE false' }
  }
  const columns = nameList(materialization.replaceBy)
  const { scope } = materialization
  if (scope === undefined) return { inputs: [], select: () => `SELECT DISTINCT ${columns} FROM staged` }
  const place = `${contractFile} materialization.scope`
  const { inputs } = await parseSelect(connection, scope, place)
  return {
    inputs,
    select: (parameters) => `SELECT DISTINCT ${columns} FROM (${bindParameters(scope, parameters, place)}\n)`,
  }
}

/** A row outside of the scope would stay for ever when its source goes away. */
export async function refuseOutsideScope(
  connection: DuckDBConnection,
  contract: TableContract,
  replaceBy: readonly string[],
): Promise<void> {
  const same = replaceBy.map((name) => `s."${name}" IS NOT DISTINCT FROM c."${name}"`).join(' AND ')
  const found = await connection.runAndReadAll(
    `SELECT count(*) FROM staged AS s ANTI JOIN scope AS c ON ${same}`,
  )
  const rows = Number(found.getRows()[0]?.[0])
  if (rows > 0) {
    throw new DataError(
      `${contract.name}: ${rows} rows have (${replaceBy.join(', ')}) that materialization.scope does not name; nothing was committed`,
    )
  }
}

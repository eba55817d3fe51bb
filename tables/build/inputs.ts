import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { type TableContract, tableFolder } from '../contract.ts'
import { DeltaLog } from '../delta/log.ts'
import { columnsOf } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { sqlColumns } from '../duckdb/columns.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { createView } from '../duckdb/views.ts'
import { DefinitionError } from '../errors.ts'

export interface InputSource {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly contracts: ReadonlyMap<string, TableContract>
}

/** A view for each table that a SELECT names, on its newest snapshot; `pinned` gives the snapshot of the table being built. */
export async function openInputs(
  source: InputSource,
  connection: DuckDBConnection,
  names: readonly string[],
  pinned: { readonly log: DeltaLog; readonly base: Snapshot } | null,
  sqlFile: string,
): Promise<void> {
  const opened = await Promise.all(
    names.map(async (name) => {
      const folder = tableFolder(name)
      const snapshot =
        folder === pinned?.log.folder
          ? pinned.base
          : await new DeltaLog(source.lake, source.duckdb, folder).latest()
      return { name, folder, snapshot }
    }),
  )
  for (const { name, folder, snapshot } of opened) {
    const contract = source.contracts.get(name)
    if (contract === undefined && snapshot.metadata === null) {
      const known = [...source.contracts.keys()].sort().join(', ')
      throw new DefinitionError(`${sqlFile} reads ${name}, which is no table; tables are ${known}`)
    }
    const columns = sqlColumns(contract?.columns ?? columnsOf(snapshot.metadata?.schemaString ?? ''))
    await createView(connection, name, { lake: source.lake, folder, snapshot, columns })
  }
}

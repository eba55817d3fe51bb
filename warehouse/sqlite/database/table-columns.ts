import type { DatabaseSync } from 'node:sqlite'
import type { RowType } from '../../../formats/rows/row-stream.ts'
import type { DatabaseTable } from '../../database.ts'
import { tableName } from '../tsql/table-names.ts'
import { quoted } from '../tsql/tokens.ts'
import type { SqlType } from '../tsql/types.ts'
import { columnTypes, readType } from '../tsql/types.ts'
import { ledgerTable } from './ledger.ts'

export interface TableColumn {
  readonly name: string
  /** Null where the declaration says nothing. */
  readonly declared: SqlType | null
  readonly isKey: boolean
}

/** Name of a dataset's table in the file. */
export function nameInFile(table: DatabaseTable): string {
  return tableName(table.schema, table.table)
}

/** Columns of a table or view; null where there is none. The ledger is no table of the user's. */
export function tableColumns(database: DatabaseSync, name: string): TableColumn[] | null {
  if (name.toLowerCase() === ledgerTable) return null
  const rows = database.prepare('SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid').all(name)
  if (rows.length === 0) return null
  return rows.map((row) => ({
    name: String(row['name']),
    declared: readType(String(row['type'])),
    isKey: Number(row['pk']) > 0,
  }))
}

/** CREATE TABLE for rows that have no table yet. */
export function createTableSql(
  name: string,
  columns: readonly { readonly name: string; readonly type: RowType }[],
  options: { temporary: boolean } = { temporary: false },
): string {
  const list = columns.map((column) => `${quoted(column.name)} ${columnTypes[column.type]}`)
  return `CREATE ${options.temporary ? 'TEMP ' : ''}TABLE ${quoted(name)} (${list.join(', ')})`
}

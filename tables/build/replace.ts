import type { DuckDBConnection } from '@duckdb/node-api'
import { nameList } from '../duckdb/sql.ts'
import { selectFrom } from '../duckdb/views.ts'
import { DataError } from '../errors.ts'
import type { Rewrite, Target } from './target.ts'
import { writeFiles } from './write-files.ts'

/** `staged` becomes the whole table. Null where the table holds exactly these rows. */
export async function replaceAll(connection: DuckDBConnection, target: Target): Promise<Rewrite | null> {
  const names = nameList(target.columns.map((column) => column.name))
  const before = await fingerprint(connection, names, selectFrom(target))
  const after = await fingerprint(connection, names, 'SELECT * FROM staged')
  const isThere = target.snapshot.version >= 0
  if (isThere && before.text === after.text) return null
  const add = await writeFiles({
    connection,
    ...target,
    partitionBy: target.contract.partitionBy,
    select: 'SELECT * FROM staged',
  })
  return {
    add,
    remove: [...target.snapshot.files.values()],
    rowsInserted: after.rows,
    rowsUpdated: 0,
    rowsDeleted: before.rows,
  }
}

/** Rows as a multiset: their number with the sum and the exclusive or of their 64-bit hashes, in one pass without memory. */
async function fingerprint(connection: DuckDBConnection, names: string, select: string) {
  const found = await connection.runAndReadAll(
    `SELECT count(*), coalesce(sum(CAST(hash(${names}) AS HUGEINT)), 0), coalesce(bit_xor(hash(${names})), 0) FROM (${select})`,
  )
  const row = found.getRows()[0] ?? []
  return { rows: Number(row[0]), text: row.map(String).join('/') }
}

/** `staged` is added. Null where it is empty. Throws a DataError where the table holds one of its keys. */
export async function append(connection: DuckDBConnection, target: Target): Promise<Rewrite | null> {
  const { key, name } = target.contract
  if (key.length > 0) {
    const keyColumns = target.columns.filter((column) => key.includes(column.name))
    const found = await connection.runAndReadAll(
      `SELECT count(*) FROM staged SEMI JOIN (${selectFrom({ ...target, columns: keyColumns })}) AS t USING (${nameList(key)})`,
    )
    const rows = Number(found.getRows()[0]?.[0])
    if (rows > 0) {
      throw new DataError(
        `${name}: ${rows} rows have a (${key.join(', ')}) that the table holds already; nothing was committed`,
      )
    }
  }
  const add = await writeFiles({
    connection,
    ...target,
    partitionBy: target.contract.partitionBy,
    select: 'SELECT * FROM staged',
  })
  if (add.length === 0) return null
  const counted = await connection.runAndReadAll('SELECT count(*) FROM staged')
  return { add, remove: [], rowsInserted: Number(counted.getRows()[0]?.[0]), rowsUpdated: 0, rowsDeleted: 0 }
}

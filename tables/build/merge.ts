import type { DuckDBConnection } from '@duckdb/node-api'
import type { AddFile } from '../delta/actions.ts'
import { nameList, quoteName } from '../duckdb/sql.ts'
import { crowdedFiles } from './compact.ts'
import { type Rewrite, type Target, filesOf, targetRows } from './target.ts'
import { writeFiles } from './write-files.ts'

export interface Merge {
  readonly connection: DuckDBConnection
  readonly target: Target
  /** Unique in `staged` and in the table, without nulls. */
  readonly key: readonly string[]
  /**
   * Rows of the table whose values in these columns are in the relation `scope` are replaced as a whole, also where `staged` has
   * none; empty: only rows of the same key are.
   */
  readonly replaceBy: readonly string[]
  /** Columns that are not compared: a row that differs in nothing else is left alone. */
  readonly ignoring?: readonly string[]
}

/**
 * Makes the table hold the rows of `staged`. What is equal already is left alone: only files with a row that
 * changes or goes are written again. Null where nothing changes.
 */
export async function merge(input: Merge): Promise<Rewrite | null> {
  const { connection, target, key } = input
  const names = nameList(target.columns.map((column) => column.name))
  await connection.run(`CREATE OR REPLACE TABLE staged_keys AS SELECT ${nameList(key)} FROM staged`)
  const old = targetRows(target, await affected(input))
  await connection.run(`CREATE OR REPLACE VIEW old AS ${old.select}`)
  await findDifferences(input)

  const counted = await connection.runAndReadAll('SELECT kind, count(*) FROM diff GROUP BY kind')
  const counts = new Map(counted.getRows().map(([kind, rows]) => [String(kind), Number(rows)]))
  if (counts.size === 0) return null

  const touched = await filesOf(connection, old, `SELECT _file FROM diff WHERE kind <> 'insert'`)
  const remove = [...new Set([...touched, ...crowdedFiles(target.snapshot, 10)])]
  const written = `SELECT ${names} FROM staged SEMI JOIN (FROM diff WHERE kind <> 'delete') AS d USING (${nameList(key)})`
  const carried = `SELECT ${names} FROM (${targetRows(target, remove).select}) ANTI JOIN (FROM diff WHERE kind <> 'insert') AS d USING (${nameList(key)})`
  const add = await writeFiles({
    ...input,
    ...target,
    partitionBy: target.contract.partitionBy,
    select: remove.length === 0 ? written : `${written} UNION ALL ${carried}`,
  })
  return {
    add,
    remove,
    rowsInserted: counts.get('insert') ?? 0,
    rowsUpdated: counts.get('update') ?? 0,
    rowsDeleted: counts.get('delete') ?? 0,
  }
}

/** Files that hold a row of a staged key or of the scope. Reads only those columns, so that the rest of a wide table stays on disk. */
async function affected({ connection, target, key, replaceBy }: Merge): Promise<AddFile[]> {
  if (target.snapshot.files.size === 0) return []
  const narrow = new Set([...key, ...replaceBy])
  const rows = targetRows({ ...target, columns: target.columns.filter((column) => narrow.has(column.name)) })
  const byKey = `SELECT _file FROM (${rows.select}) AS t SEMI JOIN staged_keys USING (${nameList(key)})`
  const byScope = `SELECT _file FROM (${rows.select}) AS t SEMI JOIN scope ON ${sameValues(replaceBy, 't', 'scope')}`
  return filesOf(connection, rows, replaceBy.length === 0 ? byKey : `${byKey} UNION ALL ${byScope}`)
}

/**
 * The table `diff`: key, kind and `_file` of each row that differs. Rows are compared by a 64-bit hash of their other columns, so that
 * the join carries no wide rows.
 */
async function findDifferences({ connection, target, key, replaceBy, ignoring = [] }: Merge): Promise<void> {
  const compared = target.columns
    .map((column) => column.name)
    .filter((name) => !key.includes(name) && !ignoring.includes(name))
  const content = `${compared.length === 0 ? '0' : `hash(${nameList(compared)})`} AS _content`
  await connection.run(`
    CREATE OR REPLACE TABLE diff AS
    SELECT ${nameList(key, 's')}, CASE WHEN o._file IS NULL THEN 'insert' ELSE 'update' END AS kind, o._file
    FROM (SELECT ${nameList(key)}, ${content} FROM staged) AS s
    LEFT JOIN (SELECT ${nameList(key)}, ${content}, _file FROM old) AS o USING (${nameList(key)})
    WHERE o._file IS NULL OR s._content <> o._content`)
  if (replaceBy.length === 0) return
  await connection.run(`
    INSERT INTO diff
    SELECT ${nameList(key, 'o')}, 'delete' AS kind, o._file
    FROM (SELECT * FROM old AS t SEMI JOIN scope ON ${sameValues(replaceBy, 't', 'scope')}) AS o
    ANTI JOIN staged_keys USING (${nameList(key)})`)
}

function sameValues(names: readonly string[], left: string, right: string): string {
  return names
    .map((name) => `${left}.${quoteName(name)} IS NOT DISTINCT FROM ${right}.${quoteName(name)}`)
    .join(' AND ')
}

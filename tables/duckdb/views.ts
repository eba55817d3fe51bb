import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { type AddFile, columnsTag } from '../delta/actions.ts'
import { lakePath } from '../delta/paths.ts'
import { parseSchema } from '../delta/schema.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { type SqlColumn, fromFile } from './columns.ts'
import { quoteName, quoteText } from './sql.ts'

export interface ViewSource {
  readonly lake: Lake
  readonly folder: string
  readonly snapshot: Snapshot
  readonly columns: readonly SqlColumn[]
  /** Only these files of the snapshot; default: all. */
  readonly files?: readonly AddFile[]
}

/** `CREATE VIEW bronze.x` over the files of a pinned snapshot, with the contract's types; an empty table has no row. */
export async function createView(
  connection: DuckDBConnection,
  name: string,
  source: ViewSource,
): Promise<void> {
  const [schema = '', table = ''] = name.split('.')
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`)
  await connection.run(
    `CREATE OR REPLACE VIEW ${quoteName(schema)}.${quoteName(table)} AS ${selectFrom(source)}`,
  )
}

/** SELECT of the columns over the snapshot's files. */
export function selectFrom(source: ViewSource): string {
  return selectGroups(source, groupsOf(source), false)
}

/** As `selectFrom`, with the column `_file`: the position in `files` of the file that holds the row. */
export function selectWithFiles(source: ViewSource): {
  readonly select: string
  readonly files: readonly AddFile[]
} {
  const groups = groupsOf(source)
  return { select: selectGroups(source, groups, true), files: groups.flatMap((group) => group.list) }
}

function selectGroups(source: ViewSource, groups: readonly FileGroup[], withFile: boolean): string {
  if (groups.length === 0) {
    const nulls = source.columns.map(
      ({ name, sessionType }) => `CAST(NULL AS ${sessionType}) AS ${quoteName(name)}`,
    )
    return `SELECT ${nulls.join(', ')}${withFile ? ', CAST(NULL AS INTEGER) AS _file' : ''} WHERE false`
  }
  let before = 0
  const selects = groups.map(({ columns, given, list }) => {
    const picked = source.columns.map(({ name, sessionType }) => {
      const value =
        columns.has(name) && !given.has(name)
          ? fromFile(quoteName(name), sessionType)
          : `CAST(${literal(given.get(name) ?? null)} AS ${sessionType})`
      return `${value} AS ${quoteName(name)}`
    })
    // DuckDB's virtual column: where the file stands in the list of read_parquet.
    if (withFile) picked.push(`CAST(file_index AS INTEGER) + ${before} AS _file`)
    before += list.length
    const paths = list.map((file) => quoteText(source.lake.location(lakePath(source.folder, file.path))))
    return `SELECT ${picked.join(', ')} FROM read_parquet([${paths.join(', ')}], hive_partitioning = false)`
  })
  return selects.join('\nUNION ALL BY NAME\n')
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : quoteText(value)
}

interface FileGroup {
  /** Columns inside the files. */
  readonly columns: ReadonlySet<string>
  /** Columns whose value the log gives because the files do not hold it: files of other writers. */
  readonly given: ReadonlyMap<string, string | null>
  readonly list: AddFile[]
}

/** Files by the columns that they hold. A file of another writer holds all columns of the table but the partition columns. */
function groupsOf(source: ViewSource): FileGroup[] {
  const files = source.files ?? [...source.snapshot.files.values()]
  const { metadata } = source.snapshot
  const partitionColumns = metadata?.partitionColumns ?? []
  const all = metadata === null ? [] : parseSchema(metadata.schemaString).map((field) => field.name)
  const groups = new Map<string, FileGroup>()
  for (const file of files) {
    const own = file.tags?.[columnsTag]?.split(',')
    const columns = new Set(own ?? all.filter((name) => !partitionColumns.includes(name)))
    const given = new Map(
      partitionColumns
        .filter((name) => !columns.has(name))
        .map((name) => [name, file.partitionValues[name] ?? null]),
    )
    const key = JSON.stringify([[...columns], [...given]])
    const group = groups.get(key) ?? { columns, given, list: [] }
    group.list.push(file)
    groups.set(key, group)
  }
  return [...groups.values()]
}

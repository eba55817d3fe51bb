import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnType, TableColumn } from '../contract.ts'
import { sqlColumn } from '../duckdb/columns.ts'
import { quoteName, quoteText } from '../duckdb/sql.ts'
import { DataError, DefinitionError } from '../errors.ts'
import { explained } from './sql-error.ts'

const integers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']
const wide = ['UBIGINT', 'HUGEINT', 'UHUGEINT', 'BIGNUM', 'DECIMAL']

/** Types of a SELECT's columns that are taken for a contract's type without a look at the values. */
const safe: Record<ColumnType, readonly string[]> = {
  string: ['VARCHAR', 'UUID', 'JSON', 'ENUM'],
  bigint: integers,
  int: ['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT'],
  double: [...integers, ...wide, 'FLOAT', 'DOUBLE'],
  boolean: ['BOOLEAN'],
  timestamp: ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'DATE'],
  date: ['DATE'],
}

/** Types whose values are looked at: each must survive the cast unchanged. */
const checked: Partial<Record<ColumnType, readonly string[]>> = {
  bigint: wide,
  int: [...integers, ...wide],
}

export interface Staging {
  readonly connection: DuckDBConnection
  /** The SELECT with its parameters filled in. */
  readonly sql: string
  /** What it must give: any order, exactly these names. */
  readonly columns: readonly TableColumn[]
  /** Local Parquet file to write. */
  readonly file: string
  readonly contractFile: string
  readonly sqlFile: string
}

/**
 * Runs the SELECT once into a Parquet file, in the contract's types, and opens it as the view `staged`: what follows reads
 * the same rows however often. Throws a DefinitionError on names and types, a DataError on values that a type cannot hold.
 */
export async function stage(staging: Staging): Promise<void> {
  const { connection, columns, file, sqlFile } = staging
  const types = await selectTypes(staging)
  const picked: string[] = []
  const refused: string[] = []
  for (const { name, type } of columns) {
    const source = types.get(name) ?? ''
    const quoted = quoteName(name)
    const { sessionType } = sqlColumn({ name, type })
    if (safe[type].includes(source)) {
      picked.push(`CAST(${quoted} AS ${sessionType}) AS ${quoted}`)
      continue
    }
    // DuckDB types a bare NULL as INTEGER.
    const isBareNull = source === 'INTEGER' && checked[type] === undefined
    if (!isBareNull && checked[type]?.includes(source) !== true) {
      const allowed = [...safe[type], ...(checked[type] ?? [])].join(', ')
      throw new DefinitionError(
        `${sqlFile} gives ${name} as ${source}; ${staging.contractFile} says ${type}, which takes ${allowed}: add a CAST`,
      )
    }
    const cast = isBareNull ? `CAST(NULL AS ${sessionType})` : `TRY_CAST(${quoted} AS ${sessionType})`
    picked.push(`${cast} AS ${quoted}`)
    const isKept = isBareNull ? 'false' : `${cast} IS NOT DISTINCT FROM ${quoted}`
    refused.push(
      `CASE WHEN ${quoted} IS NOT NULL AND NOT (${isKept}) THEN ${quoteText(`${name} is `)} || CAST(${quoted} AS VARCHAR) || ${quoteText(`, which no ${type} holds`)} END`,
    )
  }
  if (refused.length > 0) picked.push(`concat_ws('; ', ${refused.join(', ')}) AS _refused`)
  await explained(sqlFile, async () =>
    connection.run(
      `COPY (SELECT ${picked.join(', ')} FROM (${staging.sql}\n)) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
    ),
  )
  const names = columns.map((column) => quoteName(column.name)).join(', ')
  await connection.run(`CREATE VIEW staged AS SELECT ${names} FROM read_parquet(${quoteText(file)})`)
  if (refused.length > 0) await refuseValues(staging)
}

async function selectTypes({ connection, sql, columns, sqlFile, contractFile }: Staging) {
  const described = await explained(sqlFile, async () => connection.runAndReadAll(`DESCRIBE (${sql}\n)`))
  const types = new Map(
    described.getRows().map(([name, type]) => [String(name), String(type).replace(/\(.*/s, '')]),
  )
  const wanted = columns.map((column) => column.name)
  const missing = wanted.filter((name) => !types.has(name))
  const extra = [...types.keys()].filter((name) => !wanted.includes(name))
  if (missing.length > 0 || extra.length > 0) {
    const parts = [
      missing.length > 0 ? `lacks ${missing.join(', ')}` : '',
      extra.length > 0 ? `gives ${extra.join(', ')} besides` : '',
    ]
    throw new DefinitionError(
      `${sqlFile} ${parts.filter((part) => part !== '').join(' and ')}; ${contractFile} asks for ${wanted.join(', ')}`,
    )
  }
  return types
}

async function refuseValues({ connection, file, sqlFile }: Staging): Promise<void> {
  const found = await connection.runAndReadAll(
    `SELECT _refused, count(*) OVER () FROM read_parquet(${quoteText(file)}) WHERE _refused <> '' LIMIT 10`,
  )
  const rows = found.getRows()
  if (rows.length === 0) return
  const reasons = rows.map(([reason]) => String(reason)).join('\n')
  throw new DataError(`${sqlFile}: ${String(rows[0]?.[1])} rows hold values that do not fit:\n${reasons}`)
}

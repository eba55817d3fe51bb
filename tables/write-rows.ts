import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../lake/lake.ts'
import { writeFiles } from './build/write-files.ts'
import { tableFolder } from './contract.ts'
import { commit } from './delta/commit.ts'
import { DeltaLog } from './delta/log.ts'
import { type DeltaField, parseSchema } from './delta/schema.ts'
import { rowsOf, type Snapshot } from './delta/snapshot.ts'
import type { SqlColumn } from './duckdb/columns.ts'
import { deltaColumn, deltaField } from './duckdb/delta-columns.ts'
import type { DuckDb } from './duckdb/duckdb.ts'
import { quoteName } from './duckdb/sql.ts'
import { DefinitionError, LostRace } from './errors.ts'

export interface WriteRows {
  readonly lake: Lake
  readonly duckdb: DuckDb
  /** The session that knows what `select` reads. */
  readonly connection: DuckDBConnection
  /** `layer.table`; made where it is missing, with the columns of the SELECT. */
  readonly table: string
  readonly select: string
  /** `overwrite`: these rows are the whole table; its columns stay. */
  readonly mode: 'append' | 'overwrite'
  /** The same id again writes nothing; it is the table's own. */
  readonly transaction: string
  readonly signal: AbortSignal
}

export interface WrittenRows {
  /** False: the transaction was committed before; the figures are those of its commit. */
  readonly committed: boolean
  readonly version: number
  readonly rows: number
  readonly filesAdded: number
  readonly bytesWritten: number
}

const attempts = 20

/** Writes the rows of a SELECT into a table in one commit. Columns that the table has keep their types, new ones are added. */
export async function writeRows(input: WriteRows): Promise<WrittenRows> {
  const { table, transaction, mode } = input
  const log = new DeltaLog(input.lake, input.duckdb, tableFolder(table))
  const first = await log.latest()
  const earlier = first.transactions.get(transaction)
  if (earlier !== undefined) return writtenBefore(log, earlier.version)
  const { fields, select } = await described(input, first)
  const partitionBy = first.metadata?.partitionColumns ?? []
  const add = await writeFiles({
    connection: input.connection,
    lake: input.lake,
    folder: log.folder,
    columns: fields.map((field) => writable(table, field)),
    partitionBy,
    select,
  })
  const rows = add.reduce((sum, file) => sum + (rowsOf(file) ?? 0), 0)
  const bytesWritten = add.reduce((sum, file) => sum + file.size, 0)
  const figures = { rows, filesAdded: add.length, bytesWritten }
  let base = first
  for (let attempt = 1; ; attempt++) {
    input.signal.throwIfAborted()
    try {
      const done = await commit(log, {
        table,
        base,
        fields,
        partitionBy,
        add,
        remove: mode === 'overwrite' ? [...base.files.values()] : [],
        transaction,
        operation: 'WRITE',
        // What others add in between would outlive an overwrite.
        readsTable: mode === 'overwrite',
        parameters: { mode: mode === 'overwrite' ? 'Overwrite' : 'Append' },
        metrics: {
          numFiles: `${add.length}`,
          numOutputRows: `${rows}`,
          numOutputBytes: `${bytesWritten}`,
        },
      })
      return done.committed ? { ...done, ...figures } : await writtenBefore(log, done.version)
    } catch (error) {
      if (!(error instanceof LostRace) || attempt >= attempts) throw error
      await sleep(Math.random() * 50 * attempt, undefined, { signal: input.signal })
      base = await log.latest()
    }
  }
}

async function writtenBefore(log: DeltaLog, version: number): Promise<WrittenRows> {
  const metrics = (await log.commitInfo(version))?.operationMetrics ?? {}
  return {
    committed: false,
    version,
    rows: Number(metrics['numOutputRows'] ?? 0),
    filesAdded: Number(metrics['numFiles'] ?? 0),
    bytesWritten: Number(metrics['numOutputBytes'] ?? 0),
  }
}

/** The fields of the columns, and the SELECT with nested values as JSON text: Delta's own nested types are not written. */
async function described(
  { connection, select, table }: WriteRows,
  { metadata }: Snapshot,
): Promise<{ fields: DeltaField[]; select: string }> {
  const before = metadata === null ? [] : parseSchema(metadata.schemaString)
  const found = await connection.runAndReadAll(`DESCRIBE ${select}`)
  const columns = found.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  const fields = columns.map(
    ({ name, type }) => before.find((field) => field.name === name) ?? deltaField(name, type),
  )
  const missing = (metadata?.partitionColumns ?? []).find((name) => !fields.some((one) => one.name === name))
  if (missing !== undefined)
    throw new DefinitionError(
      `${table} is partitioned by ${missing}, which the rows do not have; map a column to it`,
    )
  const picked = columns.map(({ name, type }) => {
    const column = quoteName(name)
    const isNested = /^(STRUCT|MAP|UNION)\b|\]$/.test(type)
    return isNested ? `CAST(to_json(${column}) AS VARCHAR) AS ${column}` : column
  })
  return { fields, select: `SELECT ${picked.join(', ')} FROM (${select})` }
}

function writable(table: string, field: DeltaField): SqlColumn {
  const { fileType, ...column } = deltaColumn(field)
  if (fileType === null)
    throw new DefinitionError(
      `${table} column ${field.name} is of type ${JSON.stringify(field.type)}, which is not written here; leave it out of the mapping`,
    )
  return { ...column, fileType }
}

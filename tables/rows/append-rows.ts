import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lake } from '../../lake/lake.ts'
import { compact } from '../build/compact.ts'
import { type TableContract, tableFolder } from '../contract.ts'
import { type AddFile, columnsTag } from '../delta/actions.ts'
import { commit } from '../delta/commit.ts'
import { DeltaLog } from '../delta/log.ts'
import { newFilePath } from '../delta/paths.ts'
import { fieldsOf } from '../delta/schema.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { DataError } from '../errors.ts'
import { type RowFile, createRowFile } from './parquet-file.ts'
import { partitionText } from './partition-text.ts'
import { RowStats } from './row-stats.ts'
import { Refusal, type Row, type StoredValue, readers } from './values.ts'

export interface AppendRows {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly contract: TableContract
  readonly rows: AsyncIterable<Row> | Iterable<Row>
  /** The same id again adds nothing, e.g. `<batch>/<chunk>`; it is the table's own. */
  readonly transaction: string
  readonly signal?: AbortSignal
}

export interface AppendedRows {
  readonly table: string
  /** False: the transaction was committed before, or there was no row. */
  readonly committed: boolean
  /** Of the commit that bears the transaction, or the newest where there was no row; -1: no table yet. */
  readonly version: number
  readonly rows: number
  readonly filesAdded: number
  readonly bytesWritten: number
}

/**
 * Adds rows to a table in one commit. Every row is checked against the contract's types and its not-null columns before
 * anything is committed; a DataError names the row (from 0), the column, the value and what is allowed. Rows are streamed.
 */
export async function appendRows(input: AppendRows): Promise<AppendedRows> {
  const { lake, contract } = input
  const table = contract.name
  const log = new DeltaLog(lake, input.duckdb, tableFolder(table))
  const base = await log.latest()
  const none = { table, committed: false, rows: 0, filesAdded: 0, bytesWritten: 0 }
  const earlier = base.transactions.get(input.transaction)
  if (earlier !== undefined) return { ...none, version: earlier.version }

  const writer = new PartitionedWriter(lake, log.folder, contract)
  try {
    let index = 0
    for await (const row of input.rows) {
      input.signal?.throwIfAborted()
      await writer.write(checked(contract, row, index))
      index += 1
    }
    const add = await writer.finish()
    if (add.length === 0) return { ...none, version: base.version }
    const bytesWritten = add.reduce((sum, file) => sum + file.size, 0)
    const done = await commit(log, {
      table,
      base,
      fields: fieldsOf(contract.columns),
      partitionBy: contract.partitionBy,
      add,
      remove: [],
      transaction: input.transaction,
      operation: 'WRITE',
      readsTable: false,
      parameters: { mode: 'Append' },
      metrics: { numFiles: `${add.length}`, numOutputRows: `${index}`, numOutputBytes: `${bytesWritten}` },
    })
    // One writer in ten looks, so that many at once do not all rewrite the same files.
    if (done.committed && done.version % 10 === 9) await compact(log, table, input.signal)
    return { table, ...done, rows: index, filesAdded: add.length, bytesWritten }
  } finally {
    await writer.discard()
  }
}

function checked(contract: TableContract, row: Row, index: number): Record<string, StoredValue | null> {
  const stored: Record<string, StoredValue | null> = {}
  for (const { name, type, nullable } of contract.columns) {
    const value = row[name] ?? null
    if (value === null) {
      if (!nullable)
        throw new DataError(`${contract.name} row ${index} column ${name} is null; it is not nullable`)
      stored[name] = null
      continue
    }
    const read = readers[type](value)
    if (read instanceof Refusal) {
      throw new DataError(
        `${contract.name} row ${index} column ${name} is ${show(value)}; ${type} allows ${read.allowed}`,
      )
    }
    stored[name] = read
  }
  for (const name of Object.keys(row)) {
    if (!(name in stored)) {
      const names = contract.columns.map((column) => column.name).join(', ')
      throw new DataError(`${contract.name} row ${index} has a column ${name}; the contract's are ${names}`)
    }
  }
  return stored
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : String(value)
}

interface OpenFile {
  readonly path: string
  readonly local: string
  readonly file: RowFile
  readonly stats: RowStats
  readonly partitionValues: Record<string, string | null>
}

/** One Parquet file for each combination of partition values. */
class PartitionedWriter {
  readonly #lake: Lake
  readonly #folder: string
  readonly #contract: TableContract
  readonly #open = new Map<string, OpenFile>()

  constructor(lake: Lake, folder: string, contract: TableContract) {
    this.#lake = lake
    this.#folder = folder
    this.#contract = contract
  }

  async write(row: Record<string, StoredValue | null>): Promise<void> {
    const values = this.#contract.partitionBy.map((name) => {
      const type = this.#contract.columns.find((column) => column.name === name)?.type
      const value = row[name] ?? null
      return value === null || type === undefined ? null : partitionText(type, value)
    })
    const key = JSON.stringify(values)
    const target = this.#open.get(key) ?? (await this.#create(values))
    this.#open.set(key, target)
    target.stats.add(row)
    await target.file.write(row)
  }

  async #create(values: (string | null)[]): Promise<OpenFile> {
    const { columns, partitionBy } = this.#contract
    const local = join(await this.#lake.scratch(), `rows-${randomUUID()}.parquet`)
    return {
      path: newFilePath(values),
      local,
      file: await createRowFile(local, columns),
      stats: new RowStats(columns),
      partitionValues: Object.fromEntries(partitionBy.map((name, index) => [name, values[index] ?? null])),
    }
  }

  async finish(): Promise<AddFile[]> {
    const added: AddFile[] = []
    for (const { path, local, file, stats, partitionValues } of this.#open.values()) {
      await file.close()
      const target = `${this.#folder}/${path}`
      await this.#lake.createFromFile(target, local)
      const stat = await this.#lake.stat(target)
      if (stat === null) throw new Error(`${target} was written and is gone`)
      const modificationTime = stat.modified.getTime()
      added.push({
        path,
        partitionValues,
        size: stat.size,
        modificationTime,
        dataChange: true,
        stats: stats.format(),
        tags: { [columnsTag]: this.#contract.columns.map((column) => column.name).join(',') },
      })
    }
    return added
  }

  /** Removes what was not moved into the lake. */
  async discard(): Promise<void> {
    await Promise.all(
      [...this.#open.values()].map(async ({ file, local }) => {
        await file.discard()
        await rm(local, { force: true })
      }),
    )
  }
}

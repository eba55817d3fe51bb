import { open, type FileHandle } from 'node:fs/promises'
import parquet, { type Output } from 'parquetjs-lite'
import { PARQUET_LOGICAL_TYPES } from 'parquetjs-lite/lib/types.js'
import { explainDiskError } from '../../lake/local/disk-error.ts'
import type { ColumnType, TableColumn } from '../contract.ts'
import { addToGroup, emptyGroup } from './row-group.ts'
import type { StoredValue } from './values.ts'

const parquetTypes: Record<ColumnType, string> = {
  string: 'UTF8',
  bigint: 'INT64',
  int: 'INT32',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MICROS',
  date: 'DATE',
}

// parquetjs-lite reads INT64 by parseInt, which loses digits beyond 2^53, and refuses times before 1970. Values arrive here
// checked and in their stored form, so they pass as they are.
for (const type of ['INT64', 'TIMESTAMP_MICROS', 'DATE']) {
  PARQUET_LOGICAL_TYPES[type] = { ...PARQUET_LOGICAL_TYPES[type], toPrimitive: (value) => value }
}

export interface RowFile {
  write(row: Readonly<Record<string, StoredValue | null>>): Promise<void>
  /** Finishes the file. */
  close(): Promise<void>
  /** Lets go of the file, finished or not: one that was removed takes room as long as it is open. */
  discard(): Promise<void>
}

/** Writes in order, remembers the first failure and tells it to whoever asks. */
class LocalOutput implements Output {
  private readonly handle: FileHandle
  private readonly path: string
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = null

  constructor(handle: FileHandle, path: string) {
    this.handle = handle
    this.path = path
  }

  write(bytes: Buffer, done: () => void): void {
    this.tail = this.tail.then(() => this.append(bytes)).then(done)
  }

  end(done: () => void): void {
    this.tail = this.tail.then(done)
  }

  /** Throws what went wrong so far. */
  check(): void {
    if (this.failure !== null) throw explainDiskError(this.failure, 'write', this.path)
  }

  async close(): Promise<void> {
    await this.tail
    await this.handle.close()
  }

  private async append(bytes: Buffer): Promise<void> {
    if (this.failure !== null) return
    try {
      await this.handle.writeFile(bytes)
    } catch (error) {
      this.failure = error
    }
  }
}

const rowsOfGroup = 8192

/** A Parquet file under way at a local path. Memory holds one row group. */
export async function createRowFile(
  path: string,
  columns: readonly Pick<TableColumn, 'name' | 'type'>[],
): Promise<RowFile> {
  const fields = Object.fromEntries(
    columns.map(({ name, type }) => [
      name,
      // The library compares texts by UTF-16 units where Parquet wants bytes: statistics come from the Delta log instead.
      { type: parquetTypes[type], optional: true, compression: 'GZIP' as const, statistics: false as const },
    ]),
  )
  const output = new LocalOutput(await openNew(path), path)
  const writer = await parquet.ParquetWriter.openStream(new parquet.ParquetSchema(fields), output, {
    rowGroupSize: rowsOfGroup,
    pageSize: rowsOfGroup,
    useDataPageV2: false,
  })
  const names = columns.map(({ name }) => name)
  let group = emptyGroup(names)
  let isOpen = true
  const discard = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await output.close()
  }
  return {
    write: async (row) => {
      if (group.rowCount + 1 < rowsOfGroup) return addToGroup(group, row)
      // The last row of a group goes the library's own way, which then writes the group.
      writer.rowBuffer = group
      group = emptyGroup(names)
      await writer.appendRow(row)
      output.check()
    },
    close: async () => {
      writer.rowBuffer = group
      await writer.close()
      output.check()
      await discard()
    },
    discard,
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx')
  } catch (error) {
    throw explainDiskError(error, 'create', path)
  }
}

import parquet from 'parquetjs-lite'
import { PARQUET_LOGICAL_TYPES } from 'parquetjs-lite/lib/types.js'
import type { ColumnType, TableColumn } from '../contract.ts'
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
  close(): Promise<void>
}

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
  const writer = await parquet.ParquetWriter.openFile(new parquet.ParquetSchema(fields), path, {
    rowGroupSize: 8192,
    pageSize: 8192,
    useDataPageV2: false,
  })
  return { write: async (row) => writer.appendRow(row), close: async () => writer.close() }
}

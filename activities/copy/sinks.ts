import type { CopySinkType } from '../../adf/activity/copy/sink-types.ts'
import { deltaSink } from './delta/delta-sink.ts'
import { delimitedTextWriter } from './files/delimited-text-writer.ts'
import { fileSink } from './files/file-sink.ts'
import { jsonWriter } from './files/json-writer.ts'
import { parquetWriter } from './files/parquet-writer.ts'
import { sqlSink } from './database/sql-sink.ts'
import type { SinkMaker } from './relation.ts'

/** Tabular sinks by their type. Binary has none: its files are copied as they are. */
export const sinks = {
  DelimitedTextSink: fileSink('DelimitedTextSink', delimitedTextWriter),
  JsonSink: fileSink('JsonSink', jsonWriter),
  ParquetSink: fileSink('ParquetSink', parquetWriter),
  SqlServerSink: sqlSink('SqlServerSink'),
  AzureSqlSink: sqlSink('SqlServerSink'),
  SqlMISink: sqlSink('SqlServerSink'),
  SqlDWSink: sqlSink('SqlServerSink'),
  SqlSink: sqlSink('SqlServerSink'),
  AzureDatabricksDeltaLakeSink: deltaSink,
  SqliteSink: sqlSink('SqliteSink'),
} satisfies Record<Exclude<CopySinkType, 'BinarySink'>, SinkMaker>

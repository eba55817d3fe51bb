import type { CopySourceType } from '../../adf/activity/copy/source-types.ts'
import { deltaSource } from './delta/delta-source.ts'
import { fileFormats } from './files/file-formats.ts'
import { fileSource } from './files/file-source.ts'
import { restSource } from './rest/rest-source.ts'
import { sqlSource } from './database/sql-source.ts'
import type { SourceMaker } from './relation.ts'

/** Tabular sources by their type. Binary has none: its files are copied as they are. */
export const sources = {
  AvroSource: fileSource('AvroSource', fileFormats.Avro),
  ExcelSource: fileSource('ExcelSource', fileFormats.Excel),
  DelimitedTextSource: fileSource('DelimitedTextSource', fileFormats.DelimitedText),
  JsonSource: fileSource('JsonSource', fileFormats.Json),
  OrcSource: fileSource('OrcSource', fileFormats.Orc),
  ParquetSource: fileSource('ParquetSource', fileFormats.Parquet),
  RestSource: restSource,
  SqlServerSource: sqlSource('SqlServerSource'),
  AzureSqlSource: sqlSource('SqlServerSource'),
  SqlMISource: sqlSource('SqlServerSource'),
  SqlDWSource: sqlSource('SqlServerSource'),
  SqlSource: sqlSource('SqlServerSource'),
  AzureDatabricksDeltaLakeSource: deltaSource,
  SqliteSource: sqlSource('SqliteSource'),
} satisfies Record<Exclude<CopySourceType, 'BinarySource'>, SourceMaker>

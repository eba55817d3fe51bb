import type { CopySourceType } from '../../adf/activity/copy/source-types.ts'
import { delimitedTextFormat } from './files/delimited-text.ts'
import { fileSource } from './files/file-source.ts'
import { jsonFormat } from './files/json.ts'
import { parquetFormat } from './files/parquet.ts'
import type { SourceMaker } from './relation.ts'

/** Tabular sources by their type. Binary has none: its files are copied as they are. */
export const sources = {
  DelimitedTextSource: fileSource('DelimitedTextSource', delimitedTextFormat),
  JsonSource: fileSource('JsonSource', jsonFormat),
  ParquetSource: fileSource('ParquetSource', parquetFormat),
} satisfies Record<Exclude<CopySourceType, 'BinarySource'>, SourceMaker>

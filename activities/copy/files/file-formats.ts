import { avroFormat } from './avro.ts'
import { excelFormat } from './excel.ts'
import { delimitedTextFormat } from './delimited-text.ts'
import type { FileFormat } from './file-format.ts'
import { jsonFormat } from './json.ts'
import { orcFormat } from './orc.ts'
import { parquetFormat } from './parquet.ts'

/** Formats of files that hold rows, by type of dataset. A new one is a file and a row here, in adf/resource/file-formats.ts and in the sources. */
export const fileFormats = {
  Avro: avroFormat,
  DelimitedText: delimitedTextFormat,
  Excel: excelFormat,
  Json: jsonFormat,
  Orc: orcFormat,
  Parquet: parquetFormat,
} satisfies Record<string, FileFormat>

/** The format of a type of dataset, whatever its case; null: its files hold no rows that can be read. */
export function formatOf(datasetType: string): FileFormat | null {
  return (
    Object.entries(fileFormats).find(([type]) => type.toLowerCase() === datasetType.toLowerCase())?.[1] ??
    null
  )
}

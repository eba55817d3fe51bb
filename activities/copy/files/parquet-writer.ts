import { DefinitionError } from '../../../adf/errors.ts'
import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import { textOf } from '../conversion.ts'
import { parsePart } from './dataset-properties.ts'
import type { FileWriter } from './file-writer.ts'

const codecs: Readonly<Record<string, string>> = { none: 'uncompressed', gzip: 'gzip', snappy: 'snappy' }

export const parquetWriter: FileWriter = {
  datasetType: 'Parquet',
  extension: () => '.parquet',
  compression: () => null,
  encoding: () => null,
  statement({ select, columns, dataset, file }) {
    const properties = parsePart(fileDatasetTypes.Parquet, dataset, 'dataset typeProperties')
    const name = properties.compressionCodec ?? properties.compression?.type ?? 'snappy'
    const codec = codecs[name.toLowerCase() === '' ? 'none' : name.toLowerCase()]
    if (codec === undefined)
      throw new DefinitionError(
        `dataset typeProperties.compressionCodec is ${JSON.stringify(name)}; Parquet is written with ${Object.keys(codecs).join(', ')}`,
      )
    // JSON is text in Parquet, which has no such type that others read.
    const picked = columns.map(({ name: column, type }) =>
      type === 'json'
        ? `${textOf(`to_json(${quoteName(column)})`, 'json', {})} AS ${quoteName(column)}`
        : quoteName(column),
    )
    return `COPY (SELECT ${picked.join(', ')} FROM (${select})) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION ${codec})`
  },
}

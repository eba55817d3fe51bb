import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import { isUncompressed } from './compression.ts'
import { parsePart } from './dataset-properties.ts'
import type { FileWriter } from './file-writer.ts'

export const jsonWriter: FileWriter = {
  datasetType: 'Json',
  extension: () => '.json',
  compression: (dataset) => {
    const properties = parsePart(fileDatasetTypes.Json, dataset, 'dataset typeProperties')
    const codec = properties.compressionCodec ?? properties.compression?.type ?? null
    const level = properties.compressionLevel ?? properties.compression?.level
    return codec === null || isUncompressed(codec) ? null : { codec, fast: level === 'Fastest' }
  },
  encoding: (dataset) => parsePart(fileDatasetTypes.Json, dataset, 'dataset typeProperties').encodingName,
  statement({ select, columns, formatSettings, file }) {
    const picked = columns.map(({ name, type }) => {
      const column = quoteName(name)
      // As Json.NET prints times: without a fraction that is zero.
      if (type === 'timestamp')
        return `regexp_replace(strftime(CAST(${column} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%f'), '\\.?0+$', '') AS ${column}`
      if (type === 'bytes') return `to_base64(${column}) AS ${column}`
      return column
    })
    const array = formatSettings['filePattern'] === 'arrayOfObjects'
    return `COPY (SELECT ${picked.join(', ')} FROM (${select})) TO ${quoteText(file)} (FORMAT json, ARRAY ${array})`
  },
}

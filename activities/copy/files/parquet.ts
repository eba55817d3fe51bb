import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import { quoteText } from '../../../tables/duckdb/sql.ts'
import { describeColumns } from '../describe-columns.ts'
import { parsePart } from './dataset-properties.ts'
import { fileColumn, type FileFormat } from './file-format.ts'

/** Parquet files, each with columns of its own: what a file does not have is null. */
export const parquetFormat: FileFormat = {
  datasetType: 'Parquet',
  compression: () => null,
  encoding: () => null,
  async open(dataset, { connection, files, withFile }) {
    parsePart(fileDatasetTypes.Parquet, dataset, 'dataset typeProperties')
    const paths = files.map(({ path }) => quoteText(path)).join(', ')
    const options = ['hive_partitioning = false', ...(files.length > 1 ? ['union_by_name = true'] : [])]
    const from = `read_parquet([${paths}], ${options.join(', ')}${withFile ? `, filename = ${quoteText(fileColumn)}` : ''})`
    const columns = await describeColumns(connection, from)
    return { from, columns: columns.filter(({ name }) => name !== fileColumn) }
  },
}

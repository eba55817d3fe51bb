import { createHash } from 'node:crypto'
import { buildTrainingDatasetProperties } from '../adf/activity/build-training-dataset.ts'
import { writeTrainingDataset } from '../tables/training/training-dataset.ts'
import type { ActivityFunction } from './activity.ts'
import { readPlannedDocument } from './planned-document.ts'
import { readPlannedResource } from './planned-resource.ts'
import { readPlannedTable } from './planned-table.ts'
import { parseProperties } from './properties.ts'

/**
 * Writes the factory's training data under `gold/ml_training_datasets/{version}/`: train, validation and test as Parquet, then the
 * manifest, whose presence makes the version complete. The version is a hash of query and rows: the same inputs give the same version,
 * which is then left as it is.
 */
export const buildTrainingDataset: ActivityFunction = async (invocation, context, { lake, duckdb }) => {
  const { batch, processedAt, query } = parseProperties(buildTrainingDatasetProperties, invocation)
  const { resources } = invocation
  const sql = await readPlannedResource(lake, resources, query)
  const written = await writeTrainingDataset({
    source: {
      lake,
      duckdb,
      contractOf: async (table) =>
        `table/${table.slice(table.indexOf('.') + 1)}.yaml` in resources
          ? readPlannedTable(lake, resources, table)
          : null,
      documentOf: (name) => readPlannedDocument(lake, resources, name),
    },
    folder: 'gold/ml_training_datasets',
    sql,
    sqlFile: query,
    origin: { batch, processedAt, query, querySha256: createHash('sha256').update(sql).digest('hex') },
    signal: context.signal,
  })
  context.progress({ done: written.rows, total: written.rows, unit: 'rows', rows: written.rows })
  return { ...written, split: { ...written.split } }
}

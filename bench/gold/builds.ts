import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lake } from '../../lake/lake.ts'
import { buildTable } from '../../tables/build/build-table.ts'
import { openInputs } from '../../tables/build/inputs.ts'
import { bindParameters } from '../../tables/build/parameters.ts'
import { parseSelect } from '../../tables/build/parse.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import { writeTrainingDataset } from '../../tables/training/training-dataset.ts'
import { contractOf, sqlOf } from './two-years.ts'

/** A table of gold, or the training data. */
export interface GoldBuild {
  readonly name: string
  /** As the pipeline builds it; answers what it did. */
  build(lake: Lake, batch: string): Promise<{ readonly rows: number; readonly changed: number }>
  /** The same SELECT into one Parquet file. */
  bare(lake: Lake, batch: string, output: string): Promise<void>
}

const processedAt = '2026-11-01T12:00:00Z'
const documentOf = async () => null

export function goldTable(duckdb: DuckDb, table: string): GoldBuild {
  return {
    name: table,
    async build(lake, batch) {
      const [contract, sql] = [await contractOf(table), await sqlOf(table)]
      if (contract === null) throw new Error(`the factory has no contract of ${table}`)
      const parameters = { processed_at: processedAt }
      const built = await buildTable({
        lake,
        duckdb,
        contract,
        sql,
        batch,
        parameters,
        contractOf,
        documentOf,
      })
      if (!built.committed) throw new Error(`${table} was not built`)
      return { rows: built.rows, changed: built.rowsInserted + built.rowsUpdated + built.rowsDeleted }
    },
    bare: async (lake, batch, output) => bare({ lake, duckdb, sql: await sqlOf(table), batch, output }),
  }
}

export function trainingData(duckdb: DuckDb): GoldBuild {
  const sqlFile = 'ml/training_dataset.sql'
  const read = () => readFile(join(import.meta.dirname, '../../factories/gelsight', sqlFile), 'utf8')
  return {
    name: 'gold.ml_training_datasets',
    async build(lake, batch) {
      const source = { lake, duckdb, contractOf, documentOf }
      const folder = 'gold/ml_training_datasets'
      const written = await writeTrainingDataset({
        source,
        folder,
        sql: await read(),
        sqlFile,
        origin: { batch },
      })
      return { rows: written.rows, changed: written.rows }
    },
    bare: async (lake, batch, output) => bare({ lake, duckdb, sql: await read(), batch, output }),
  }
}

async function bare(input: {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly sql: string
  readonly batch: string
  readonly output: string
}): Promise<void> {
  const { lake, duckdb, sql, batch, output } = input
  await duckdb.session(async (connection) => {
    const { inputs } = await parseSelect(connection, sql, 'the SELECT')
    await openInputs({ lake, duckdb, contractOf, documentOf }, connection, inputs, { where: 'the SELECT' })
    const bound = bindParameters(sql, { batch, processed_at: processedAt }, 'the SELECT')
    await connection.run(`COPY (${bound}\n) TO '${output}' (FORMAT parquet, COMPRESSION zstd)`)
  })
}

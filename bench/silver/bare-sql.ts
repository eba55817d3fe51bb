import type { Lake } from '../../lake/lake.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'

/** What one would write by hand for just this: no check, no commit, nothing to find out about tables that it does not know. */
export async function bareMerge(lake: Lake, duckdb: DuckDb, output: string): Promise<void> {
  await run(
    duckdb,
    `COPY (
      SELECT * FROM ${parquet(lake, 'bronze/_tables/incoming')} AS changed
      UNION ALL
      SELECT * FROM ${parquet(lake, 'silver/measured')} AS old
      ANTI JOIN ${parquet(lake, 'bronze/_tables/incoming')} AS changed USING (measurement_id)
    ) TO '${output}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (year, month), WRITE_PARTITION_COLUMNS true)`,
  )
}

/** The same histories, for the keys that change, beside the others; observations are kept as a build keeps them. */
export async function bareHistories(lake: Lake, duckdb: DuckDb, output: string): Promise<void> {
  await run(
    duckdb,
    `COPY (
      WITH changed AS (FROM ${parquet(lake, 'bronze/_tables/changes')}),
      old AS (FROM ${parquet(lake, 'silver/dim_measured')}),
      events AS (
        SELECT calibration_id, content, mmperpixel, device_id, effective_date FROM changed
        UNION ALL
        SELECT calibration_id, content, mmperpixel, o.device_id, o._sequence AS effective_date
        FROM (SELECT *, unnest(_observations) AS o FROM old SEMI JOIN changed USING (calibration_id))
      ),
      marked AS (
        SELECT *, CAST(row_number() OVER w = 1 OR content IS DISTINCT FROM lag(content) OVER w
          OR mmperpixel IS DISTINCT FROM lag(mmperpixel) OVER w AS INTEGER) AS starts
        FROM events WINDOW w AS (PARTITION BY calibration_id ORDER BY effective_date)
      ),
      numbered AS (
        SELECT *, CAST(sum(starts) OVER (PARTITION BY calibration_id ORDER BY effective_date) AS INTEGER) AS version FROM marked
      ),
      versions AS (
        SELECT calibration_id, version, min(effective_date) AS start, first(content ORDER BY effective_date) AS content,
          first(mmperpixel ORDER BY effective_date) AS mmperpixel, first(device_id ORDER BY effective_date) AS device_id,
          list({'_sequence': effective_date, 'device_id': device_id} ORDER BY effective_date) AS _observations
        FROM numbered GROUP BY calibration_id, version
      ),
      bounded AS (
        SELECT *, lead(start) OVER (PARTITION BY calibration_id ORDER BY start) AS end_date FROM versions
      )
      SELECT hash_key(calibration_id, CAST(start AS TIMESTAMP)) AS calibration_sk, calibration_id, version, content, mmperpixel,
        device_id, start AS effective_date, end_date, end_date IS NULL AS is_current, _observations
      FROM bounded
      UNION ALL
      SELECT * FROM old ANTI JOIN changed USING (calibration_id)
    ) TO '${output}' (FORMAT parquet, COMPRESSION zstd)`,
  )
}

function parquet(lake: Lake, folder: string): string {
  return `read_parquet('${lake.location(folder)}/**/*.parquet', hive_partitioning = false)`
}

async function run(duckdb: DuckDb, sql: string): Promise<void> {
  await duckdb.session(async (connection) => {
    await connection.run(sql)
  })
}

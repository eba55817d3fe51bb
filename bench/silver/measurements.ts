import { tableContract } from '../../tables/contract.ts'

/** Measured values as the platform keeps them, by month. */
const columns = [
  { name: 'measurement_id', type: 'bigint', nullable: false },
  { name: 'scan_id', type: 'string', nullable: false },
  { name: 'routine_id', type: 'bigint', nullable: false },
  { name: 'shape_id', type: 'bigint' },
  { name: 'calibration_sk', type: 'bigint', nullable: false },
  { name: 'measurement_name', type: 'string', nullable: false },
  { name: 'measurement_value', type: 'double', nullable: false },
  { name: 'measurement_unit', type: 'string' },
  { name: 'tolerance_min', type: 'double' },
  { name: 'tolerance_max', type: 'double' },
  { name: 'pass_fail_flag', type: 'boolean' },
  { name: 'confidence_score', type: 'double', nullable: false },
  { name: 'scan_timestamp', type: 'timestamp', nullable: false },
  { name: 'year', type: 'int', nullable: false },
  { name: 'month', type: 'int', nullable: false },
  { name: 'batch_id', type: 'string', nullable: false },
]

export const measured = tableContract.parse({
  name: 'silver.measured',
  columns,
  key: ['measurement_id'],
  materialization: { type: 'merge' },
  partitionBy: ['year', 'month'],
  checks: [
    { id: 'confidence.in_range', sql: 'confidence_score BETWEEN 0 AND 1' },
    {
      id: 'tolerance.in_order',
      sql: 'tolerance_min IS NULL OR tolerance_max IS NULL OR tolerance_min <= tolerance_max',
    },
    { id: 'value.finite', sql: 'abs(measurement_value) < 1e100', severity: 'warn' },
  ],
})

export const incoming = tableContract.parse({
  name: 'bronze.incoming',
  columns,
  key: [],
  materialization: { type: 'append' },
})

const months = 24

/**
 * Rows of the numbers `i` that `numbers` gives, of `rows` over two years; `version` changes their values, not their keys. Keys are spread
 * over the whole range as hashes are, so no file can be left out by its bounds.
 */
export function measurements(numbers: string, rows: number, version: number): string {
  return `
    SELECT CAST(hash(i) >> 4 AS BIGINT) AS measurement_id,
      format('{:08x}-4b1d-4e6f-8a2c-{:012x}', (i // 20) * 2654435761 % 4294967296, i // 20) AS scan_id,
      CAST(hash(i % 5) >> 4 AS BIGINT) AS routine_id,
      CAST(hash(i // 4) >> 4 AS BIGINT) AS shape_id,
      CAST(hash(i // 500000) >> 4 AS BIGINT) AS calibration_sk,
      ['offset', 'width', 'diameter', 'depth', 'Ra'][1 + i % 5] AS measurement_name,
      0.25 + (hash(i, ${version}) % 10000) / 1e6 AS measurement_value,
      CASE i % 5 WHEN 4 THEN 'µm' ELSE 'mm' END AS measurement_unit,
      0.24 AS tolerance_min, 0.265 AS tolerance_max,
      hash(i, ${version}) % 50 > 0 AS pass_fail_flag,
      (hash(i) % 20) / 20.0 AS confidence_score,
      moment AS scan_timestamp, CAST(year(moment) AS INTEGER) AS year, CAST(month(moment) AS INTEGER) AS month,
      'batch-' || ${version} AS batch_id
    FROM (
      SELECT i, TIMESTAMP '2024-11-01' + INTERVAL (i % ${rows} * ${months} // ${rows}) MONTH + INTERVAL (i % 2332800) SECOND AS moment
      FROM (${numbers})
    )`
}
